using Penstock.Registry;
using Penstock.Storage;
using Penstock.Storage.Redis;

namespace Penstock.Hosting.Doctor;

/// <summary>
/// The server as <c>serve</c> would build it from the same configuration, never started. The declarative file is applied
/// to what its store holds now, in memory.
/// </summary>
internal sealed class ConfiguredServer : IAsyncDisposable
{
    private const string FileCheck = "config_file";

    private readonly WebApplication? _app;
    private readonly string? _file;
    private readonly SnapshotStore _snapshot = new();

    private ConfiguredServer(ServeSettings settings, DataFolder folder)
    {
        _file = settings.Config;
        WebApplicationBuilder builder;
        try
        {
            builder = Gateway.CreateBuilder(settings, folder, []);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Findings = [ConfigurationCheck.Unreadable(error)];
            return;
        }

        Findings = ConfigurationCheck.Values(
            builder.Configuration,
            builder.Services,
            Environment.GetEnvironmentVariables().Keys.Cast<string>()
        );
        if (HasProblem)
        {
            return;
        }

        // Stdout is the report's.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IRegistryStore>(_snapshot);
        _app = builder.Build();
        Findings = ConfigurationCheck.Whole(Findings, _app.Services);
    }

    /// <summary>What the configuration looks like.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The registry after the declarative file; null until it was checked, or when it cannot be.</summary>
    public RegistryState? State { get; private set; }

    /// <summary>Which database, and how; null when the configuration has to be mended first.</summary>
    public DatabaseOptions? Database => HasProblem ? null : _app?.Services.GetRequiredService<DatabaseOptions>();

    public SecretOptions? Secrets => HasProblem ? null : _app?.Services.GetRequiredService<SecretOptions>();

    /// <summary>The shared server for limits, if one is named.</summary>
    public string? Redis => _app?.Services.GetRequiredService<IConfiguration>()[RedisOptions.ConnectionKey];

    private bool HasProblem => Findings.Any(finding => finding.Status == CheckStatus.Problem);

    public static ConfiguredServer Create(ServeSettings settings, DataFolder folder) => new(settings, folder);

    /// <summary>Every mistake of the declarative file; nothing when none was named.</summary>
    /// <param name="state">What the store holds; null: it could not be read.</param>
    public async Task<IReadOnlyList<Finding>> CheckFileAsync(RegistryState? state, CancellationToken cancellation)
    {
        if (_file is null)
        {
            return [];
        }

        if (_app is null || HasProblem)
        {
            return
            [
                Finding.Warning(FileCheck, $"{_file} was not read", "Mend the configuration first, then look again."),
            ];
        }

        _snapshot.State = state ?? RegistryState.Empty;
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
