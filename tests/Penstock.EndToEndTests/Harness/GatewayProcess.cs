using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A running gateway with a data folder, a port and an admin token of its own.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    public const string AdminToken = "admin-token-of-the-end-to-end-tests";

    private readonly ChildProcess _process;
    private readonly TempFolder _folder;
    private readonly bool _ownsFolder;
    private readonly HttpClient _http;

    private GatewayProcess(ChildProcess process, TempFolder folder, bool ownsFolder, int port)
    {
        _process = process;
        _folder = folder;
        _ownsFolder = ownsFolder;
        Port = port;
        BaseUrl = $"http://127.0.0.1:{port}";
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            // Who leaves a stream hangs up: else it would be read on unseen for two seconds, to keep the connection.
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri(BaseUrl), Timeout = TimeSpan.FromSeconds(60) };
        Admin = new AdminClient(_http, AdminToken);
        Cli = new Cli(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PENSTOCK_SERVER"] = BaseUrl,
                ["PENSTOCK_ADMIN_TOKEN"] = AdminToken,
            }
        );
    }

    public int Port { get; }

    public string BaseUrl { get; }

    public ChildProcess Process => _process;

    public ProcessOutput Output => _process.Output;

    public AdminClient Admin { get; }

    /// <summary>The command line, told where this gateway is and its token.</summary>
    public Cli Cli { get; }

    /// <summary>What <c>--data</c> names.</summary>
    public string DataFolder => _folder.File("data");

    /// <summary>The file that <c>--config</c> names.</summary>
    public string ConfigFile => _folder.File("penstock.yaml");

    /// <param name="probes">
    /// Whether the gateway probes its engines unasked, as it does in production. Without: a test counts what reaches them.
    /// </param>
    public static Task<GatewayProcess> StartAsync(
        Declaration declaration,
        IReadOnlyDictionary<string, string?>? settings = null,
        bool probes = false
    )
    {
        var folder = new TempFolder();
        folder.Write("penstock.yaml", declaration.ToString());
        string[] arguments = ["--no-discovery", "--config", folder.File("penstock.yaml")];
        string[] quiet = probes ? [] : ["Probing:AtRegistration=false"];
        return StartAsync(folder, ownsFolder: true, [.. arguments, .. quiet], settings);
    }

    /// <summary><c>data</c> in the caller's folder is the data folder, and outlives the process.</summary>
    public static Task<GatewayProcess> StartAsync(
        TempFolder folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? settings = null
    ) => StartAsync(folder, ownsFolder: false, arguments, settings);

    /// <summary>A gateway of a compose file, without its container. Its folder outlives the process.</summary>
    /// <param name="folder">Holds the declarative file already.</param>
    /// <param name="more">Settings beside those of the service.</param>
    public static async Task<GatewayProcess> StartAsync(
        ComposeService service,
        LoopbackPlace place,
        TempFolder folder,
        IReadOnlyDictionary<string, string?> more
    )
    {
        var environment = new Dictionary<string, string?>(more, StringComparer.Ordinal);
        foreach (var (name, value) in service.Environment)
        {
            environment.Add(name, value);
        }

        var process = ChildProcess.Start("dotnet", [Built.Penstock, .. service.On(place)], environment, folder.Path);
        var gateway = new GatewayProcess(process, folder, ownsFolder: false, place.Port);
        await gateway.ReadyAsync();
        return gateway;
    }

    private static async Task<GatewayProcess> StartAsync(
        TempFolder folder,
        bool ownsFolder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? settings
    )
    {
        var port = FreePort.Take();
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PENSTOCK_ADMIN_TOKEN"] = AdminToken,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            environment[name] = value;
        }

        string[] all =
        [
            Built.Penstock,
            "serve",
            "--urls",
            $"http://127.0.0.1:{port}",
            "--data",
            folder.File("data"),
            .. arguments,
        ];
        var process = ChildProcess.Start("dotnet", all, environment, folder.Path);
        var gateway = new GatewayProcess(process, folder, ownsFolder, port);
        await gateway.ReadyAsync();
        return gateway;
    }

    public GatewayClient As(string keyName) => new(_http, Declaration.Secret(keyName));

    public GatewayClient WithSecret(string? secret) => new(_http, secret);

    public RawClient Raw() => new(Port);

    /// <summary>Adds a deployment at run time; returns once the change is acknowledged.</summary>
    public Task<JsonObject> DeployAsync(
        string workspace,
        string model,
        string upstreamModel,
        string url,
        Action<JsonObject>? more = null
    ) => Admin.CreateAsync("deployments", Declaration.DeploymentOf(workspace, model, upstreamModel, url, more));

    /// <summary>Asks for a graceful end and returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        _process.Terminate();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }

    private async Task ReadyAsync()
    {
        try
        {
            await Until.TrueAsync(IsReadyAsync, "the gateway to be ready");
        }
        catch (Exception failure)
        {
            var output = Output.ToString();
            await DisposeAsync();
            throw new InvalidOperationException($"The gateway did not start: {failure.Message}\n{output}", failure);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException("its process has ended");
        }

        try
        {
            using var answer = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
