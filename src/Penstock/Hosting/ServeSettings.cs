namespace Penstock.Hosting;

/// <summary>What the command line of <c>serve</c> says.</summary>
/// <param name="Urls">Where to listen, separated by semicolons.</param>
/// <param name="AdminUrls">Where the management API listens, if not there too.</param>
/// <param name="Data">Folder of the embedded database, the admin token and the secret key.</param>
/// <param name="Config">Declarative file, applied at start and whenever it changes.</param>
/// <param name="Upstreams">Engines to register instead of looking for some.</param>
/// <param name="Discovery">Look for engines on loopback.</param>
internal sealed record ServeSettings(
    string Urls,
    string? AdminUrls,
    string Data,
    string? Config,
    IReadOnlyList<string> Upstreams,
    bool Discovery
)
{
    /// <summary>Loopback: what listens to the world, the operator says.</summary>
    public const string DefaultUrls = "http://127.0.0.1:8080";

    public const string DefaultData = "./data";

    /// <summary>A shared database in place of the embedded one; null: what the settings say.</summary>
    public string? Database { get; init; }

    /// <summary>Valkey or Redis that all nodes share; null: what the settings say.</summary>
    public string? Redis { get; init; }
}
