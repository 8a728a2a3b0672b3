using Penstock.Management;
using Penstock.Storage;

namespace Penstock.Hosting;

/// <summary>Builds the server from its features, opens it, says where it is, and runs it to its end.</summary>
internal static class Gateway
{
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
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Configuration.AddEnvironmentVariables("PENSTOCK__");
        builder.Configuration.AddCommandLine([.. arguments.Select(argument => "--" + argument.TrimStart('-'))]);
        if (settings.AdminUrls is not null)
            builder.Configuration[$"{ManagementOptions.Section}:{nameof(ManagementOptions.Urls)}"] = settings.AdminUrls;
        builder.Services.AddSingleton(settings);
        builder.AddFeatures(settings, folder);
        builder.WebHost.UseUrls([.. settings.Urls.Split(';'), .. settings.AdminUrls?.Split(';') ?? []]);
        var app = builder.Build();
        app.MapFeatures();
        return app;
    }
}
