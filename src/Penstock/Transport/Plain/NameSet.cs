namespace Penstock.Transport.Plain;

/// <summary>Names of headers, whatever their case, told apart well enough to say quickly that one is not there.</summary>
internal struct NameSet
{
    private ulong _bits;

    public void Add(int length, int lastLetter) => _bits |= Bit(length, lastLetter);

    /// <returns>True: it is certainly not there.</returns>
    public readonly bool Lacks(int length, int lastLetter) => (_bits & Bit(length, lastLetter)) == 0;

    /// <summary>Of 64: letters differ in the lower five bits, and not by their case.</summary>
    private static ulong Bit(int length, int lastLetter) => 1UL << (length + (lastLetter & 0x1F));
}
