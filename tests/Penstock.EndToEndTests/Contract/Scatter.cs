using System.Globalization;
using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Sends an answer in pieces cut at random places, with one of the framings of HTTP/1.1.</summary>
internal static class Scatter
{
    public static readonly string[] Framings = ["length", "chunked", "close"];

    public static Func<EngineExchange, Task> Answer(byte[] body, string type, string framing, int seed) =>
        async exchange =>
        {
            var chance = new Chance(seed);
            var wire = Wire(body, type, framing, chance);
            // Many small writes for small answers, a few dozen for large ones.
            var longest = Math.Max(64, wire.Length / 40);
            for (var at = 0; at < wire.Length; )
            {
                var count = Math.Min(1 + chance.Next(longest), wire.Length - at);
                await exchange.WriteAsync(wire.AsMemory(at, count));
                at += count;
            }

            if (framing == "close")
            {
                exchange.Close();
            }
        };

    private static byte[] Wire(byte[] body, string type, string framing, Chance chance)
    {
        var length = framing switch
        {
            "length" => $"Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n",
            "chunked" => "Transfer-Encoding: chunked\r\n",
            _ => "Connection: close\r\n",
        };
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n{length}\r\n");
        return [.. head, .. framing == "chunked" ? Chunked(body, chance) : body];
    }

    private static byte[] Chunked(byte[] body, Chance chance)
    {
        var wire = new List<byte>();
        var longest = Math.Max(200, body.Length / 50);
        for (var at = 0; at < body.Length; )
        {
            var count = Math.Min(1 + chance.Next(longest), body.Length - at);
            // Upper or lower case, leading zeros and extensions are all allowed.
            var size = count.ToString(chance.Next(2) == 0 ? "x" : "X3", CultureInfo.InvariantCulture);
            wire.AddRange(Encoding.ASCII.GetBytes(size + (chance.Next(4) == 0 ? ";name=value" : "") + "\r\n"));
            wire.AddRange(body.AsSpan(at, count));
            wire.AddRange("\r\n"u8);
            at += count;
        }

        wire.AddRange("0\r\n\r\n"u8);
        return [.. wire];
    }
}
