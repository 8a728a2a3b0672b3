namespace Penstock.Forwarding;

/// <summary>What <see cref="UpstreamConnection.TakeHead"/> found.</summary>
internal enum HeadStep
{
    More,
    Whole,
    Broken,
}

/// <summary>What <see cref="BodyFraming.Take"/> found.</summary>
internal enum BodyStep
{
    /// <summary>Nothing yet: read on.</summary>
    More,
    Data,
    End,
    Broken,
}

/// <summary>Where an answer's body ends: by length, by chunks, or by the end of the connection.</summary>
internal struct BodyFraming
{
    private Kind _kind;
    private long _left;
    private ChunkedDecoder _chunks;

    public static BodyFraming Of(in ResponseHead head)
    {
        var kind =
            head.Status is 204 or 304 ? Kind.Length
            : head.Chunked ? Kind.Chunked
            : head.ContentLength >= 0 ? Kind.Length
            : Kind.UntilClose;
        return new BodyFraming { _kind = kind, _left = head.Status is 204 or 304 ? 0 : head.ContentLength };
    }

    public readonly bool EndsByClosing => _kind == Kind.UntilClose;

    public readonly bool IsEnd =>
        _kind switch
        {
            Kind.Length => _left == 0,
            Kind.Chunked => _chunks.IsEnd,
            _ => false,
        };

    /// <summary>Moves the payload in <paramref name="bytes"/> to its front.</summary>
    public BodyStep Take(Span<byte> bytes, out int payload, out int consumed)
    {
        switch (_kind)
        {
            case Kind.Chunked:
                if (!_chunks.TryDecode(bytes, out payload, out consumed))
                {
                    return BodyStep.Broken;
                }

                break;
            case Kind.Length:
                payload = consumed = (int)Math.Min(_left, bytes.Length);
                _left -= payload;
                break;
            default:
                payload = consumed = bytes.Length;
                break;
        }
        if (payload > 0)
        {
            return BodyStep.Data;
        }

        return IsEnd ? BodyStep.End : BodyStep.More;
    }

    private enum Kind : byte
    {
        Length,
        Chunked,
        UntilClose,
    }
}
