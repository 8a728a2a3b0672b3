namespace Penstock.Transport.Plain;

/// <summary>Names of headers, whatever their case, told apart well enough to say quickly that one is not there.</summary>
internal struct NameSet
{
    private ulong _bits;

    public void Add(int length, int lastLetter) => _bits |= Bit(length, lastLetter);

    /// <returns>True: it is certainly not there.</returns>
    public readonly bool Lacks(int length, int lastLetter) => (_bits & Bit(length, lastLetter)) == 0;

    /// <summary>Lengths so far apart, the names that are asked for hardly meet those that clients send.</summary>
    private const int Apart = 12;

    /// <summary>Of 64: letters differ in the lower five bits, and not by their case.</summary>
    private static ulong Bit(int length, int lastLetter) => 1UL << ((length * Apart) + (lastLetter & 0x1F));
}
