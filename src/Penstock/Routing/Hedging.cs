namespace Penstock.Routing;

/// <summary>Whether a second attempt is made beside a first one that is unusually late.</summary>
internal enum Hedging
{
    Off,

    /// <summary>When the first byte is later than it is for 95 of 100 requests.</summary>
    Auto,
}
