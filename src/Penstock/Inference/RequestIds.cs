using System.Buffers.Binary;
using Microsoft.Extensions.Primitives;
using Penstock.Primitives;

namespace Penstock.Inference;

/// <summary>The gateway's id of a request, and the caller's own.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";
    public const string ClientHeader = "X-Client-Request-Id";

    /// <summary>OpenAI's limit for a caller's own id.</summary>
    private const int LongestClientId = 512;

    /// <summary>
    /// A UUID of version 7 (RFC 9562): ids sort by time, in logs and in a ledger's index. The framework's own asks the
    /// system for random bytes each time, which this does not.
    /// </summary>
    public static Guid Create(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        Span<byte> moment = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(moment, now.ToUnixTimeMilliseconds());
        moment[2..].CopyTo(id);
        RandomBytes.Take(10).CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The caller's id when it may be logged and repeated; anything else is as if it had not been sent.</summary>
    public static string? ReadClientId(StringValues header) =>
        header is [{ Length: > 0 and <= LongestClientId } id] && !id.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? id
            : null;
}
