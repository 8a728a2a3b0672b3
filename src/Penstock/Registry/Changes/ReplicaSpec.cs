namespace Penstock.Registry.Changes;

/// <summary>What a person says of a replica.</summary>
/// <param name="SaysDrained">Whether it was said that it is drained, or that it is not.</param>
/// <param name="SaysCredential">Whether a credential was spoken of, if only to say that there is none.</param>
internal sealed record ReplicaSpec(ReplicaRecord Record, bool SaysCredential, bool SaysDrained = false);
