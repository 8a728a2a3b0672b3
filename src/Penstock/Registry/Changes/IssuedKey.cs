namespace Penstock.Registry.Changes;

/// <summary>A key that was just made, and its secret, which nobody can ask for again.</summary>
/// <param name="Secret">null: the key was brought along.</param>
internal sealed record IssuedKey(KeyRecord Key, Secret? Secret);
