using Microsoft.Extensions.Options;
using Penstock.Keys;
using Penstock.Registry.Changes;

namespace Penstock.Registry.Reading;

/// <summary>Reads a key onto what is there, or onto a new one.</summary>
internal sealed class KeyReader(IOptions<KeyOptions> options, EnvironmentVariables environment, TimeProvider time)
{
    private const string Form = "16 to 256 printable ASCII characters without spaces";

    private static readonly string[] CredentialFields = ["sha256", "secret_env", "secret"];

    public Declared<KeySpec> Read(Fields fields, KeySpec from)
    {
        var spec = new KeySpec
        {
            Name = fields.Text("name", from.Name),
            Workspace = fields.Text("workspace", from.Workspace),
            Credential = Credential(fields, from.Credential),
            RequestsPerMinute = fields.Integer("requests_per_minute", from.RequestsPerMinute, null),
            Burst = fields.Integer("burst", from.Burst, null),
            Models = fields.Texts("models", from.Models, null),
            Permissions = fields.Texts("permissions", from.Permissions, []) ?? [],
            ExpiresAt = Expiry(fields, from.ExpiresAt),
            Limits = AllowanceReader.Read(fields, from.Limits),
        };
        return new Declared<KeySpec>(spec, fields.At);
    }

    private KeyCredential? Credential(Fields fields, KeyCredential? current)
    {
        var given = CredentialFields.Where(fields.HasValue).ToList();
        if (given.Count > 1)
        {
            var message = $"give one of {string.Join(" and ", given)}, not both";
            fields.Report(given[1], MistakeCodes.InvalidValue, message);
            return current;
        }

        if (given.Count == 0)
        {
            if (fields.Audience == Audience.File)
            {
                fields.Report("", MistakeCodes.Missing, "key needs \"sha256\" or \"secret_env\"");
            }

            return current;
        }

        return given[0] switch
        {
            "sha256" => fields.TextOrNull("sha256", null) is { } hash && TextForm.Sha256.Holds(hash)
                ? KeyCredential.OfHash(hash)
                : current,
            "secret_env" => OfVariable(fields, current),
            _ => OfSecret(fields, "secret", fields.TextOrNull("secret", null), "the key", current),
        };
    }

    private KeyCredential? OfVariable(Fields fields, KeyCredential? current)
    {
        if (fields.TextOrNull("secret_env", null) is not { } variable)
        {
            return current;
        }

        if (environment.Find(variable) is { } secret)
        {
            return OfSecret(fields, "secret_env", secret, $"environment variable {variable}", current);
        }

        var message = $"environment variable {variable} is not set";
        fields.Report("secret_env", MistakeCodes.InvalidValue, message);
        return current;
    }

    /// <summary>A key that could never be accepted is refused now, not by its first caller.</summary>
    private KeyCredential? OfSecret(Fields fields, string field, string? secret, string source, KeyCredential? current)
    {
        if (secret is null)
        {
            return current;
        }

        var prefix = options.Value.Prefix;
        if (ApiKeySecret.IsAcceptable(secret, prefix))
        {
            return KeyCredential.OfSecret(secret, prefix);
        }

        var message = secret.StartsWith(prefix, StringComparison.Ordinal)
            ? $"{source} begins with {prefix} but is not one of our keys: it is mistyped or cut"
            : $"{source} must hold {Form}";
        fields.Report(field, MistakeCodes.InvalidValue, message);
        return current;
    }

    /// <summary>A length of time counts from now, which only a request body can mean: a file is applied again and again.</summary>
    private DateTimeOffset? Expiry(Fields fields, DateTimeOffset? current)
    {
        if (fields.Scalar("expires_at") is not { } scalar || !Contracts.Duration.TryParse(scalar.Text, out var span))
        {
            return fields.Moment("expires_at", current);
        }

        if (fields.Audience == Audience.File)
        {
            var message = "must be a date in the file: a length of time would begin again with every apply";
            fields.Report("expires_at", MistakeCodes.InvalidValue, message);
            return current;
        }

        // A hundred years: further on the calendar ends.
        if (span > TimeSpan.FromDays(36_525))
        {
            fields.Report("expires_at", MistakeCodes.InvalidValue, "is more than a hundred years away");
            return current;
        }

        return Moments.ToMilliseconds(time.GetUtcNow() + span);
    }
}
