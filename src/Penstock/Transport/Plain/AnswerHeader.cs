using Microsoft.Extensions.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>A header of an answer; without any value it is not there.</summary>
internal struct AnswerHeader
{
    public string Name;

    /// <summary>Its only value.</summary>
    public string? Value { get; private set; }

    /// <summary>If it has more than one.</summary>
    public string?[]? Several { get; private set; }

    public readonly bool IsThere => Value is not null || Several is not null;

    public readonly StringValues Values => Several is { } several ? new(several) : new(Value);

    public void Set(StringValues values)
    {
        // None, or one that is not there at all, comes as null.
        Value = values.Count == 1 ? values[0] ?? "" : null;
        Several = values.Count > 1 ? values.ToArray() : null;
    }

    public void Forget() => (Value, Several) = (null, null);
}
