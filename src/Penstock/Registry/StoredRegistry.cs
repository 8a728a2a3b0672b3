namespace Penstock.Registry;

/// <summary>What a store holds, and how many changes have led there.</summary>
internal sealed record StoredRegistry(RegistryState State, long Revision);
