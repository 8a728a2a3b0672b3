namespace Penstock.EndToEndTests.Harness;

/// <summary>Where a service of a compose file lives without its container.</summary>
/// <param name="Port">Where it listens.</param>
/// <param name="Data">Its data folder.</param>
/// <param name="Config">The declarative file.</param>
/// <param name="Postgres">Port of the PostgreSQL server.</param>
/// <param name="Valkey">Port of the Valkey or Redis server.</param>
internal sealed record LoopbackPlace(int Port, string Data, string Config, int Postgres, int Valkey);
