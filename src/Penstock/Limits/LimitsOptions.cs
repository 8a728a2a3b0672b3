using System.ComponentModel.DataAnnotations;

namespace Penstock.Limits;

/// <summary>Settings of the limits (section <c>Limits</c>).</summary>
internal sealed class LimitsOptions
{
    /// <summary>
    /// Completion tokens that are reserved for a request whose caller and deployment name no <c>max_tokens</c>: the
    /// contract's own default.
    /// </summary>
    [Range(1, 1_000_000)]
    public int AssumedCompletionTokens { get; set; } = 512;
}
