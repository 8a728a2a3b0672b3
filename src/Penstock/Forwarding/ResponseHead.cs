namespace Penstock.Forwarding;

/// <summary>What matters of an engine's response head.</summary>
internal struct ResponseHead
{
    public int Status;

    /// <summary>−1 when the head gives no length.</summary>
    public long ContentLength;

    public bool Chunked;

    /// <summary>The connection may carry another request.</summary>
    public bool KeepAlive;

    public MediaType MediaType;

    /// <summary>Content type as sent, when it is neither of the two known ones.</summary>
    public string? ContentType;

    /// <summary><c>Retry-After</c> in seconds, −1 when absent or a date.</summary>
    public int RetryAfterSeconds;

    /// <summary>The body is compressed though nobody asked: it cannot be relayed as what it claims to be.</summary>
    public bool Encoded;
}

/// <summary>The content types that decide how an answer is relayed.</summary>
internal enum MediaType
{
    None,
    Json,
    EventStream,
    Other,
}
