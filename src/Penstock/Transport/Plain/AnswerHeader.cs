using System.Runtime.Intrinsics;
using Microsoft.Extensions.Primitives;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>A header of an answer; without any value it is not there.</summary>
internal struct AnswerHeader
{
    /// <summary>What stands between a name and its value.</summary>
    public const int Between = 2;

    /// <summary>Room for the longest name that goes out in one piece, <c>x-ratelimit-remaining-requests: </c>.</summary>
    public static readonly int StartRoom = Vector256<byte>.Count;

    /// <summary>The name as it goes out, colon and space behind it.</summary>
    private readonly Vector256<byte> _start;

    /// <summary>0: the name is longer than that, or no name at all.</summary>
    private readonly int _startLength;

    public AnswerHeader(string name)
    {
        Name = name;
        Span<byte> start = stackalloc byte[StartRoom];
        start.Clear();
        if (name.Length + Between <= StartRoom && TryWriteName(start))
        {
            (_start, _startLength) = (Vector256.Create<byte>(start), name.Length + Between);
        }
    }

    public string Name { get; }

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

    /// <summary>Writes what stands before the value.</summary>
    /// <param name="to">At least <see cref="StartRoom"/> long, and longer than the name.</param>
    /// <returns>Its length, 0: the name cannot stand in a head.</returns>
    public readonly int WriteStart(Span<byte> to)
    {
        if (_startLength == 0)
        {
            return TryWriteName(to) ? Name.Length + Between : 0;
        }

        _start.CopyTo(to);
        return _startLength;
    }

    private readonly bool TryWriteName(Span<byte> to)
    {
        ": "u8.CopyTo(to[Name.Length..]);
        return PrintableAscii.TryCopy(Name, to);
    }
}
