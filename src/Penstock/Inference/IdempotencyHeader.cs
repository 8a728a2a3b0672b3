using Microsoft.Extensions.Primitives;
using Penstock.Envelopes;
using Penstock.Idempotency;

namespace Penstock.Inference;

/// <summary>The header with which a caller asks for one generation, however often the request is sent.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>On an answer that was not generated for this request: <c>true</c>.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>Beside it: the request for which it was.</summary>
    public const string ReplayedFrom = "Idempotency-Replayed-From";

    /// <summary>A key that cannot be used is refused: its sender relies on it.</summary>
    public static InferenceRefusal? Refuse(StringValues header) =>
        header is [{ } text] && IdempotencyKey.IsFit(text)
            ? null
            : new(
                InferenceEnding.InvalidRequest,
                $"Send one '{Name}' of 1 to {IdempotencyKey.Longest} printable ASCII characters, or none.",
                Name
            )
            {
                Code = RefusalCode.InvalidValue,
            };
}
