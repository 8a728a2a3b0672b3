namespace Penstock.Transport.Plain;

/// <summary>Gives a connection to the framework.</summary>
/// <param name="ahead">What has been read of it and not been used; copied before the call returns.</param>
internal delegate void HandOver(ReadOnlySpan<byte> ahead);
