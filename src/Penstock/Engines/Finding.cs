namespace Penstock.Engines;

/// <summary>What is known of one ability of an engine. Unknown is the default: nobody is told what was not seen.</summary>
internal enum Finding : byte
{
    Unknown,
    Yes,
    No,
}
