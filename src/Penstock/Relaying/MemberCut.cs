namespace Penstock.Relaying;

/// <summary>Takes one member out of a JSON object's bytes, with the one comma that goes with it.</summary>
internal static class MemberCut
{
    /// <param name="json">The object.</param>
    /// <param name="member">From the member's name to the end of its value.</param>
    /// <returns>What to leave out: the member and a comma before or after it.</returns>
    public static Range Widen(ReadOnlySpan<byte> json, Range member)
    {
        var (start, length) = member.GetOffsetAndLength(json.Length);
        var end = start + length;
        var before = json[..start].TrimEnd(" \t\r\n"u8).Length;
        if (before > 0 && json[before - 1] == ',')
        {
            return (before - 1)..end;
        }

        var after = json.Length - json[end..].TrimStart(" \t\r\n"u8).Length;
        return after < json.Length && json[after] == ',' ? start..(after + 1) : start..end;
    }
}
