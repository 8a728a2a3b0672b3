namespace Penstock.Contracts;

/// <summary>One mistake. Line and column count from 1; absent where the document has no lines to speak of.</summary>
public sealed record ErrorDetail
{
    public int? Line { get; init; }
    public int? Column { get; init; }
    public required string Message { get; init; }
}
