using System.CommandLine;

namespace Penstock.Hosting.Doctor;

/// <summary><c>penstock doctor</c>: looks at everything a gateway needs, changes nothing, says what to mend.</summary>
internal static class DoctorVerb
{
    /// <summary>The management verbs' variable: the same gateway is meant.</summary>
    private const string ServerVariable = "PENSTOCK_SERVER";

    private const int Healthy = 0;
    private const int HasProblem = 1;
    private const int WrongUsage = 2;

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The data folder.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ServeSettings.DefaultData,
        };
        var config = new Option<string?>("--config")
        {
            Description = "A declarative file to check: every mistake is told with its line.",
            HelpName = "FILE",
        };
        var server = new Option<string?>("--server")
        {
            Description =
                $"Where the gateway listens or will, separated by semicolons ({ServerVariable}; default "
                + $"{ServeSettings.DefaultUrls}).",
            HelpName = "URL",
        };
        // As serve calls it, so that its command line can be tried word for word.
        server.Aliases.Add("--urls");
        var database = new Option<string?>("--database")
        {
            Description = "The PostgreSQL that several gateways share, as serve takes it.",
            HelpName = "CONNECTION",
        };
        var redis = new Option<string?>("--redis")
        {
            Description = "Valkey or Redis where several gateways share their limits, as serve takes it.",
            HelpName = "HOST:PORT",
        };
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout, nothing else." };
        var verb = new Command("doctor", "Check configuration, data, clock and engines, and say what to mend.")
        {
            data,
            config,
            server,
            database,
            redis,
            json,
        };
        verb.SetAction(
            (parsed, cancellation) =>
            {
                var (source, urls) = parsed.GetValue(server) is { } option
                    ? ("--server", option)
                    : (ServerVariable, Environment.GetEnvironmentVariable(ServerVariable));
                var addresses = AddressCheck.Split(string.IsNullOrEmpty(urls) ? ServeSettings.DefaultUrls : urls);
                var settings = new DoctorSettings(
                    parsed.GetRequiredValue(data),
                    parsed.GetValue(config),
                    [.. addresses]
                )
                {
                    Database = parsed.GetValue(database),
                    Redis = parsed.GetValue(redis),
                };
                var output = parsed.InvocationConfiguration.Output;
                return settings.Addresses.FirstOrDefault(url => AddressCheck.Mistake(url) is not null) is { } wrong
                    ? RefuseAsync(parsed.InvocationConfiguration.Error, source, wrong)
                    : RunAsync(settings, parsed.GetValue(json), output, cancellation);
            }
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        DoctorSettings settings,
        bool json,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var report = new DoctorReport(await new Examination(settings, TimeProvider.System).RunAsync(cancellation));
        if (json)
        {
            report.WriteJson(output);
        }
        else
        {
            report.WriteText(output);
        }

        return report.HasProblem ? HasProblem : Healthy;
    }

    private static async Task<int> RefuseAsync(TextWriter error, string source, string url)
    {
        await error.WriteLineAsync($"error: {source} names \"{url}\": {AddressCheck.Mistake(url)}");
        return WrongUsage;
    }
}
