using System.Runtime.InteropServices;

namespace Penstock.Simulator.Faults;

/// <summary>How what is sent is cut into writes: after so many bytes, or at places where readers stumble.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WriteSplit(string Place, int Bytes)
{
    public const string InsideCharacters = "utf8";
    public const string InsideLineEnds = "crlf";
    public const string AtRandom = "random";
    private const string AfterBytes = "bytes";

    public static WriteSplit Read(string text) =>
        text is InsideCharacters or InsideLineEnds or AtRandom ? new WriteSplit(text, 0)
        : int.TryParse(text, out _) ? new WriteSplit(AfterBytes, DirectiveValue.Number(text, 1))
        : throw new FormatException("expected a number of bytes, utf8, crlf or random");
}
