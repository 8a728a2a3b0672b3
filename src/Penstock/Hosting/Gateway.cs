using Penstock.Management;
using Penstock.Primitives;
using Penstock.Storage;
using Penstock.Storage.Redis;

namespace Penstock.Hosting;

/// <summary>Builds the server from its features, opens it, says where it is, and runs it to its end.</summary>
internal static class Gateway
{
    /// <summary>What a variable of the environment begins with that is a setting of ours.</summary>
    public const string SettingsPrefix = "PENSTOCK__";

    private const int Failed = 1;

    public static async Task<int> RunAsync(ServeSettings settings, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var folder = DataFolder.Open(settings.Data);
            await using var app = Build(settings, folder, arguments);
            await app.Services.GetRequiredService<Opening>().RunAsync(app, cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception e) when (StartFailure.Explain(e, settings) is { } reason)
        {
            await Console.Error.WriteLineAsync($"penstock: {reason}");
            return Failed;
        }
    }

    public static WebApplication Build(ServeSettings settings, DataFolder folder, string[] arguments)
    {
        var builder = CreateBuilder(settings, folder, arguments);
        var mistakes = SettingsMistakes.Find(builder.Configuration, SettingsSection.In(builder.Services));
        if (mistakes.Count > 0)
        {
            throw new StartException(string.Join(Environment.NewLine, mistakes));
        }

        builder.WebHost.UseUrls([.. settings.Urls.Split(';'), .. settings.AdminUrls?.Split(';') ?? []]);
        var app = builder.Build();
        app.MapFeatures();
        return app;
    }

    /// <summary>The server's configuration and features, with nothing of them made yet.</summary>
    public static WebApplicationBuilder CreateBuilder(ServeSettings settings, DataFolder folder, string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Configuration.AddEnvironmentVariables(SettingsPrefix);
        builder.Configuration.AddCommandLine([.. arguments.Select(argument => "--" + argument.TrimStart('-'))]);
        if (settings.AdminUrls is not null)
        {
            builder.Configuration[$"{ManagementOptions.Section}:{nameof(ManagementOptions.Urls)}"] = settings.AdminUrls;
        }

        if (settings.Database is not null)
        {
            builder.Configuration[DatabaseOptions.ConnectionKey] = settings.Database;
        }

        if (settings.Redis is not null)
        {
            builder.Configuration[RedisOptions.ConnectionKey] = settings.Redis;
        }

        builder.Services.AddSingleton(settings);
        builder.AddFeatures(settings, folder);
        return builder;
    }
}
