using System.Collections.Immutable;

namespace Penstock.Engines;

/// <summary>How an engine is recognised: by what it says of its models, or by a path that only it answers.</summary>
/// <param name="Ports">Where it listens when nobody says otherwise.</param>
/// <param name="OwnedBy">Values of <c>owned_by</c> in its list of models.</param>
/// <param name="Proof">A path that answers 200 with JSON; null: <c>owned_by</c> is all there is.</param>
/// <param name="ProofMember">The member that this JSON must hold, where others answer the same path; null: any will do.</param>
internal sealed record EngineSignature(
    ImmutableArray<int> Ports,
    ImmutableArray<string> OwnedBy,
    string? Proof = null,
    string? ProofMember = null
);
