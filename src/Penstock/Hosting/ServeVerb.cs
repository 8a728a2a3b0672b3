using System.CommandLine;

namespace Penstock.Hosting;

/// <summary><c>penstock serve</c>: runs the gateway.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, separated by semicolons.",
            DefaultValueFactory = _ => ServeSettings.DefaultUrls,
        };
        var adminUrls = new Option<string?>("--admin-urls")
        {
            Description = "Where the management API listens, if not on the main listener.",
        };
        var data = new Option<string>("--data")
        {
            Description = "Folder of the embedded database, the admin token and the secret key.",
            DefaultValueFactory = _ => ServeSettings.DefaultData,
        };
        var config = new Option<string?>("--config")
        {
            Description = "Declarative file: applied at start and again whenever it changes.",
        };
        var upstreams = new Option<string[]>("--upstream")
        {
            Description = "URL of an engine to register instead of looking for some. Repeatable.",
            DefaultValueFactory = _ => [],
        };
        var noDiscovery = new Option<bool>("--no-discovery") { Description = "Do not look for engines on loopback." };
        var database = new Option<string?>("--database")
        {
            Description = "PostgreSQL that several gateways share, as in \"Host=db;Database=penstock;Username=u\".",
            HelpName = "CONNECTION",
        };
        var redis = new Option<string?>("--redis")
        {
            Description = "Valkey or Redis 7+ where several gateways share their limits, as host:port.",
            HelpName = "HOST:PORT",
        };
        // Anything else that .NET configuration takes: --Relaying:KeepAliveSeconds=5
        var settings = new Argument<string[]>("settings")
        {
            Description = "Server settings as KEY=VALUE, for example Inference:RequestBodyBytes=1048576.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var verb = new Command("serve", "Run the gateway (the default).")
        {
            urls,
            adminUrls,
            data,
            config,
            upstreams,
            noDiscovery,
            database,
            redis,
            settings,
        };
        verb.SetAction(
            (parsed, cancellation) =>
                Gateway.RunAsync(
                    new ServeSettings(
                        parsed.GetRequiredValue(urls),
                        parsed.GetValue(adminUrls),
                        parsed.GetRequiredValue(data),
                        parsed.GetValue(config),
                        parsed.GetRequiredValue(upstreams),
                        !parsed.GetValue(noDiscovery)
                    )
                    {
                        Database = parsed.GetValue(database),
                        Redis = parsed.GetValue(redis),
                    },
                    parsed.GetValue(settings) ?? [],
                    cancellation
                )
        );
        return verb;
    }
}
