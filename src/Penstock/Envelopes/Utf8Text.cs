using System.Buffers;
using System.Text;

namespace Penstock.Envelopes;

/// <summary>Finds where bytes stop being UTF-8: only for the message of a refusal.</summary>
internal static class Utf8Text
{
    public static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var length) == OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
