namespace Penstock.Simulator;

/// <summary>A request as it arrived, byte for byte.</summary>
/// <param name="Number">Counted from 1 since start or reset.</param>
/// <param name="RequestLine">Without its line end.</param>
/// <param name="Headers">In order, names in the sender's case.</param>
/// <param name="Head">Request line and headers as on the wire, the closing empty line included.</param>
/// <param name="Body">Without the transfer coding.</param>
public sealed record ReceivedRequest(
    long Number,
    string RequestLine,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Head,
    ReadOnlyMemory<byte> Body
);
