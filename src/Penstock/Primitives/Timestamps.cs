namespace Penstock.Primitives;

/// <summary>Spans in the unit of a time provider's timestamps.</summary>
internal static class Timestamps
{
    public static long Ticks(this TimeProvider time, TimeSpan span) =>
        (long)(span.TotalSeconds * time.TimestampFrequency);

    public static TimeSpan Span(this TimeProvider time, long ticks) =>
        TimeSpan.FromSeconds((double)ticks / time.TimestampFrequency);
}
