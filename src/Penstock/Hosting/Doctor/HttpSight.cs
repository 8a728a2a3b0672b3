namespace Penstock.Hosting.Doctor;

/// <summary>What a GET brought.</summary>
/// <param name="Status">0 when there was no answer.</param>
/// <param name="Failure">Why there was none; null: there was one.</param>
internal sealed record HttpSight(int Status, byte[] Body, string? Failure)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Behind "it": <c>answers 503</c>, or why it does not answer.</summary>
    public string Told => Failure ?? $"it answers {Status}";
}
