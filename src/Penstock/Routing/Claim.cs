using System.Runtime.InteropServices;
using Penstock.Envelopes;

namespace Penstock.Routing;

/// <summary>What the policies and the line have to know of one request. Whose it is, never who pays.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Claim()
{
    public Guid Workspace { get; init; }

    /// <summary>The weight of its workspace in a line, at least 1.</summary>
    public int Share { get; init; } = 1;

    /// <summary>How much work it may be: prompt and answer, in tokens, estimated high.</summary>
    public long Tokens { get; init; } = 1;

    public PromptBlocks Prompt { get; init; }

    /// <summary>Hash of the session that the caller named; 0: none.</summary>
    public ulong Session { get; init; }
}
