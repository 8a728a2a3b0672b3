using System.CommandLine;
using System.Text.Json;
using Penstock.Registry;

namespace Penstock.Hosting.Secrets;

/// <summary><c>penstock secrets</c>: what concerns the key that seals credentials. It works on the database itself.</summary>
internal static class SecretsVerb
{
    private const int Done = 0;
    private const int Refused = 1;

    public static Command Create() =>
        new("secrets", "The key that seals the engines' credentials in the database.") { CreateReseal() };

    private static Command CreateReseal()
    {
        var newKey = new Option<string>("--new-key")
        {
            Description = "File of the new key, 32 bytes in base64. Made if it is not there.",
            HelpName = "FILE",
            Required = true,
        };
        var oldKey = new Option<string?>("--old-key")
        {
            Description = "File of the key in use, if it is not the one that serve takes.",
            HelpName = "FILE",
        };
        var data = new Option<string>("--data")
        {
            Description = "The data folder.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ServeSettings.DefaultData,
        };
        var database = new Option<string?>("--database")
        {
            Description = "The PostgreSQL that several gateways share, as serve takes it.",
            HelpName = "CONNECTION",
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout, nothing else." };
        var verb = new Command(
            "reseal",
            "Seal all credentials in the database anew, with another key. All gateways must be stopped."
        )
        {
            newKey,
            oldKey,
            data,
            database,
            json,
        };
        verb.SetAction(
            (parsed, cancellation) =>
            {
                var settings = new ResealSettings(
                    parsed.GetRequiredValue(data),
                    parsed.GetValue(database),
                    parsed.GetRequiredValue(newKey),
                    parsed.GetValue(oldKey)
                );
                return RunAsync(settings, parsed.GetValue(json), parsed.InvocationConfiguration, cancellation);
            }
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        ResealSettings settings,
        bool json,
        InvocationConfiguration console,
        CancellationToken cancellation
    )
    {
        try
        {
            var outcome = await new Reseal(settings, TimeProvider.System).RunAsync(cancellation);
            await console.Output.WriteLineAsync(json ? Document(outcome) : Text(outcome, settings.NewKey));
            return Done;
        }
        catch (Exception error)
            when (error
                    is StartException
                        or StoreException
                        or StoreAwayException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            await console.Error.WriteLineAsync($"penstock: {error.Message}");
            return Refused;
        }
    }

    private static string Text(ResealOutcome outcome, string newKey) =>
        $"Sealed anew: {outcome.Resealed}. Sealed with the new key before: {outcome.Already}.{Environment.NewLine}"
        + (
            outcome.InPlace is { } path
                ? $"{path} is the new key; the old one lies beside it, for backups from before."
                : $"Start the gateways with the key in {newKey}, by Secrets:Key or Secrets:KeyFile."
        );

    private static string Document(ResealOutcome outcome)
    {
        var path = outcome.InPlace is { } file ? $"\"{JsonEncodedText.Encode(file)}\"" : "null";
        return $$"""{"resealed":{{outcome.Resealed}},"already":{{outcome.Already}},"in_place":{{path}}}""";
    }
}
