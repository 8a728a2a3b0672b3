namespace Penstock.Metering;

/// <summary>What could be read of one spool file.</summary>
/// <param name="Damaged">What follows the rows is neither a row nor the torn end that a kill leaves.</param>
internal sealed record SpoolSegment(string File, IReadOnlyList<UsageRecord> Rows, bool Damaged)
{
    public static SpoolSegment Read(string file)
    {
        ReadOnlySpan<byte> rest = System.IO.File.ReadAllBytes(file);
        var rows = new List<UsageRecord>();
        while (!rest.IsEmpty)
        {
            switch (UsageFrame.Read(rest, out var record, out var length))
            {
                case FrameStep.Whole:
                    rows.Add(record);
                    rest = rest[length..];
                    break;
                case FrameStep.Torn:
                    return new SpoolSegment(file, rows, Damaged: false);
                default:
                    return new SpoolSegment(file, rows, Damaged: true);
            }
        }

        return new SpoolSegment(file, rows, Damaged: false);
    }
}
