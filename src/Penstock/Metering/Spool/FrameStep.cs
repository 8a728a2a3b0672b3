namespace Penstock.Metering;

/// <summary>What stands at one place of a spool file.</summary>
internal enum FrameStep
{
    Whole,

    /// <summary>The file ends inside the frame, as after a kill.</summary>
    Torn,

    /// <summary>Bytes that were never written so.</summary>
    Damaged,
}
