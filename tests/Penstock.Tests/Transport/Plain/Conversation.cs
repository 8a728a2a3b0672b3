using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.Transport.Plain;

/// <summary>Sends bytes over one connection and tells what came back until the server ended it.</summary>
internal static class Conversation
{
    /// <summary>
    /// Behind whatever is sent: a request that ends the connection; and, if a strange one has swallowed it, more bytes than
    /// any honest length asks for and something that is no request, so that no server waits for more.
    /// </summary>
    private static readonly string End =
        "GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + new string('A', 3_000) + "\r\n\r\n";

    /// <param name="cuts">Where the bytes are cut into several sends.</param>
    public static async Task<string> HoldAsync(PlainBench server, string request, IReadOnlyList<int> cuts)
    {
        using var connection = await server.ConnectAsync();
        var bytes = Encoding.Latin1.GetBytes(request + End);
        var talking = SendAsync();
        var answers = await connection.ReadToTheLastAsync();
        await talking;
        return Tell(answers);

        async Task SendAsync()
        {
            try
            {
                var from = 0;
                foreach (var cut in cuts.Append(bytes.Length))
                {
                    await connection.SendAsync(bytes.AsMemory(from, cut - from));
                    from = cut;
                }
            }
            catch (SocketException)
            {
                // Refused before everything was sent: the answers say how.
            }
        }
    }

    /// <summary>Status and body of each answer; what the head says besides is not what was asked for.</summary>
    private static string Tell(string answers)
    {
        var told = new StringBuilder();
        for (var at = 0; at < answers.Length; )
        {
            var end = answers.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
            if (end < 0)
            {
                return told.Append("half a head").ToString();
            }

            var head = answers[at..end];
            const string name = "Content-Length: ";
            var place = head.IndexOf(name, StringComparison.Ordinal);
            var length =
                place < 0 ? 0 : int.Parse(head[(place + name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
            at = end + 4;
            told.Append(head, "HTTP/1.1 ".Length, 3).Append(' ');
            told.AppendLine(answers[at..Math.Min(at + length, answers.Length)]);
            at += length;
        }

        return told.ToString();
    }
}
