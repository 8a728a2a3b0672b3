using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>What makes two requests equal: seed, model and the bytes of the messages.</summary>
internal static class PromptHash
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <param name="seeds">Of the server and of the request.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="messages">An array.</param>
    /// <param name="withoutLast">The last message is the answer's own beginning, and changes nothing.</param>
    public static ulong Of((long Server, long Request) seeds, string model, JsonElement messages, bool withoutLast)
    {
        var seed = Dice.Mix((ulong)seeds.Server) ^ Dice.Mix((ulong)seeds.Request + 1);
        var hash = Dice.Hash(seed, Encoding.UTF8.GetBytes(model));
        var list = JsonMarshal.GetRawUtf8Value(messages);
        return Dice.Hash(
            hash,
            withoutLast ? WithoutLast(list, messages)
                : list.Length > 2 && list[^2] <= ' ' ? Closed(list[..^1])
                : list
        );
    }

    /// <summary>The list's bytes as they would be without its last item.</summary>
    private static byte[] WithoutLast(ReadOnlySpan<byte> list, JsonElement messages)
    {
        var last = JsonMarshal.GetRawUtf8Value(messages[messages.GetArrayLength() - 1]);
        list.Overlaps(last, out var start);
        var rest = list[..start].TrimEnd(Blanks);
        return Closed(rest.EndsWith(","u8) ? rest[..^1] : rest);
    }

    private static byte[] Closed(ReadOnlySpan<byte> items) => [.. items.TrimEnd(Blanks), (byte)']'];
}
