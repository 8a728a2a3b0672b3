namespace Penstock.Transport.Plain;

/// <summary>What the first bytes of a request are.</summary>
internal enum HeadReading
{
    /// <summary>A whole head that can be read in one way only.</summary>
    Plain,

    /// <summary>Anything else, half a head too: for the framework to read, and to refuse.</summary>
    Other,
}
