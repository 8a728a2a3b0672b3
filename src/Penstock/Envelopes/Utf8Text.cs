using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Penstock.Envelopes;

/// <summary>Finds where bytes stop being UTF-8: only for the message of a refusal.</summary>
internal static class Utf8Text
{
    // Large enough for the vectors of the check, small enough to be walked letter by letter once.
    private const int Step = 4096;

    public static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (bytes.Length - offset > Step)
        {
            // A letter has three further bytes at most: the step ends before one that it would cut.
            var end = offset + Step;
            for (var back = 0; back < 3 && (bytes[end] & 0xC0) == 0x80; back++)
            {
                end--;
            }

            if (!Utf8.IsValid(bytes[offset..end]))
            {
                break;
            }

            offset = end;
        }

        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var length) == OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
