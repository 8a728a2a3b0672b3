namespace Penstock.Registry;

/// <summary>What a change came to: its value, or every mistake that stood against it.</summary>
internal sealed record Outcome<T>(T? Value, IReadOnlyList<Mistake> Mistakes)
{
    public bool Refused => Mistakes.Count > 0;
}
