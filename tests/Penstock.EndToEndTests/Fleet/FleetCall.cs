namespace Penstock.EndToEndTests.Fleet;

/// <summary>One request as its caller knows it.</summary>
/// <param name="Gateway">Which was asked.</param>
/// <param name="Id">The gateway's own; null: nothing of an answer came.</param>
/// <param name="Ending">How it ended for the caller.</param>
/// <param name="Tokens">That the caller has surely got.</param>
/// <param name="Ended">Timestamp.</param>
internal sealed record FleetCall(int Gateway, Guid? Id, FleetCallEnding Ending, long Tokens, long Ended);

internal enum FleetCallEnding
{
    /// <summary>Answered to its end, whatever the answer says.</summary>
    Whole,

    /// <summary>The caller hung up in the middle.</summary>
    Left,

    /// <summary>The gateway went away, or was not there.</summary>
    Broken,
}
