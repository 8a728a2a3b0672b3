using Penstock.Contracts;

namespace Penstock.Registry.Changes;

/// <summary>What applying a file changed, and what it left alone although the file says otherwise.</summary>
/// <param name="Notes">For the operator: keys that were revoked or rotated outrank the file.</param>
internal sealed record ApplyOutcome(IReadOnlyList<ApplyChange> Changes, IReadOnlyList<string> Notes);
