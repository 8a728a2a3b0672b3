using Microsoft.Extensions.Primitives;

namespace Penstock.Inference;

/// <summary>The gateway's id of a request, and the caller's own.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";
    public const string ClientHeader = "X-Client-Request-Id";

    /// <summary>OpenAI's limit for a caller's own id.</summary>
    private const int LongestClientId = 512;

    /// <summary>Version 7: ids sort by time, in logs and in a ledger's index.</summary>
    public static string Create(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>The caller's id when it may be logged and repeated; anything else is as if it had not been sent.</summary>
    public static string? ReadClientId(StringValues header) =>
        header is [{ Length: > 0 and <= LongestClientId } id] && !id.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? id
            : null;
}
