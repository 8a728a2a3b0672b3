namespace Penstock.Simulator.Http;

/// <summary>How much of a request is read before it is refused.</summary>
internal static class HttpLimits
{
    /// <summary>Four times what common servers allow, so that a gateway's own limit is met first.</summary>
    public const int Head = 64 * 1024;

    /// <summary>Twice the gateway's default body limit, so that the gateway's limit is met first.</summary>
    public const int Body = 64 * 1024 * 1024;
}
