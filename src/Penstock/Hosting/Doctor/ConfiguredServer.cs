using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Redis;

namespace Penstock.Hosting.Doctor;

/// <summary>
/// The server as <c>serve</c> would build it from the same configuration, never started, on what its store holds now.
/// The declarative file is applied to that, in memory.
/// </summary>
internal sealed class ConfiguredServer : IAsyncDisposable
{
    private const string FileCheck = "config_file";

    private readonly WebApplication? _app;
    private readonly string? _file;

    private ConfiguredServer(IReadOnlyList<Finding> findings, WebApplication? app, string? file) =>
        (Findings, _app, _file) = (findings, app, file);

    /// <summary>What the configuration looks like.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The shared server for limits, if one is named.</summary>
    public string? Redis => _app?.Services.GetRequiredService<IConfiguration>()[RedisOptions.ConnectionKey];

    /// <summary>The registry after the declarative file; null until it was checked, or when it cannot be.</summary>
    public RegistryState? State { get; private set; }

    /// <param name="state">What the store holds; null: it could not be read.</param>
    public static ConfiguredServer Create(ServeSettings settings, DataFolder folder, RegistryState? state)
    {
        WebApplicationBuilder builder;
        try
        {
            builder = Gateway.CreateBuilder(settings, folder, []);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new ConfiguredServer([ConfigurationCheck.Unreadable(error)], null, settings.Config);
        }

        var findings = ConfigurationCheck.Values(
            builder.Configuration,
            builder.Services,
            Environment.GetEnvironmentVariables().Keys.Cast<string>()
        );
        if (findings.Any(finding => finding.Status == CheckStatus.Problem))
        {
            return new ConfiguredServer(findings, null, settings.Config);
        }

        // Stdout is the report's.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IRegistryStore>(new SnapshotStore(state ?? RegistryState.Empty));
        var app = builder.Build();
        return new ConfiguredServer(ConfigurationCheck.Whole(findings, app.Services), app, settings.Config);
    }

    /// <summary>Every mistake of the declarative file; nothing when none was named.</summary>
    public async Task<IReadOnlyList<Finding>> CheckFileAsync(CancellationToken cancellation)
    {
        if (_file is null)
        {
            return [];
        }

        if (_app is null || Findings.Any(finding => finding.Status == CheckStatus.Problem))
        {
            return
            [
                Finding.Warning(FileCheck, $"{_file} was not read", "Mend the configuration first, then look again."),
            ];
        }

        var registry = _app.Services.GetRequiredService<LiveRegistry>();
        await registry.OpenAsync(cancellation);
        var outcome = await _app.Services.GetRequiredService<ConfigFile>().ApplyAsync(cancellation);
        State = registry.State;
        return outcome.Refused
            ?
            [
                .. outcome.Mistakes.Select(mistake =>
                    Finding.Problem(
                        FileCheck,
                        $"{_file}:{mistake}",
                        "Mend this line: as it is, nothing of the file is applied."
                    )
                ),
            ]
            :
            [
                Finding.Ok(
                    FileCheck,
                    $"{_file} is right; resources that applying it changes: {outcome.Value!.Changes.Count}"
                ),
            ];
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
