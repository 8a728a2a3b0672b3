namespace Penstock.Registry;

/// <summary>The precision of stored times.</summary>
internal static class Moments
{
    /// <summary>UTC, cut to whole milliseconds: every store can keep that.</summary>
    public static DateTimeOffset ToMilliseconds(DateTimeOffset moment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());
}
