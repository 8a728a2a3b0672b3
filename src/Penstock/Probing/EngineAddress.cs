using Penstock.Engines;
using Penstock.Routing;

namespace Penstock.Probing;

/// <summary>One running engine, whichever deployments use it: where it is, what it is, and our credential for it.</summary>
internal sealed record EngineAddress(Uri Url, string? ApiKey, Engine Engine)
{
    public static EngineAddress Of(Replica replica) => new(replica.Address.Url, replica.Address.ApiKey, replica.Engine);

    /// <param name="path">Behind the base URL, with a slash in front.</param>
    public Uri At(string path) => new(Url.AbsoluteUri.TrimEnd('/') + path);

    // The credential stays out of logs.
    public override string ToString() => $"{Engine.Name} at {Url}";
}
