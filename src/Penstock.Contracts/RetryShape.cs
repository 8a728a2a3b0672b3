namespace Penstock.Contracts;

/// <summary>How often one request may be tried.</summary>
public sealed record RetryShape
{
    /// <summary>Attempts in all before the first byte is out, the first one included.</summary>
    public int? Attempts { get; init; }
}
