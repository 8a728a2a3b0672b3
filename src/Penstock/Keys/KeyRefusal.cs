namespace Penstock.Keys;

/// <summary>Why a caller was not let in; code and message are in <see cref="KeyRefusalText"/>.</summary>
internal enum KeyRefusal
{
    /// <summary>Not refused: the grant is there.</summary>
    None,

    /// <summary>No key was given.</summary>
    Missing,

    /// <summary>What was given is no key of ours.</summary>
    Invalid,

    /// <summary>The key's time is over.</summary>
    Expired,

    /// <summary>The key was taken back.</summary>
    Revoked,
}
