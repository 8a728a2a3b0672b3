namespace Penstock.Contracts;

/// <summary>The body of every refusal.</summary>
public sealed record ErrorEnvelope
{
    public required ErrorBody Error { get; init; }
}
