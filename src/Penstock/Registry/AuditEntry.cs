namespace Penstock.Registry;

/// <summary>One line of the audit: who did what to which resource, and how it looked before and after, without secrets.</summary>
/// <param name="Sequence">Grows with every entry; 0 until it is stored.</param>
/// <param name="Before">The resource as JSON; null: it was not there.</param>
/// <param name="After">The resource as JSON; null: it is gone.</param>
internal sealed record AuditEntry(
    long Sequence,
    DateTimeOffset At,
    string Actor,
    string Action,
    string Kind,
    string Id,
    string? Before,
    string? After
);
