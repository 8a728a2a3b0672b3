namespace Penstock.Transport.Plain;

/// <summary>Where a header's name and value stand in a head.</summary>
internal readonly record struct HeaderLine(ushort Name, ushort NameLength, ushort Value, ushort ValueLength);
