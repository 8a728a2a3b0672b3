namespace Penstock.Contracts;

/// <summary>A member of a PATCH body: absent (the default), or given, and then possibly null.</summary>
public readonly record struct Optional<T>
{
    public Optional(T value) => (IsGiven, Value) = (true, value);

    public bool IsGiven { get; }

    /// <summary>Meaningful only when <see cref="IsGiven"/>.</summary>
    public T Value { get; }

    public T Or(T fallback) => IsGiven ? Value : fallback;

    public static implicit operator Optional<T>(T value) => new(value);
}
