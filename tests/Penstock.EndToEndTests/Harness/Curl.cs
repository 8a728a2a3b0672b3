using System.Globalization;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The command-line client, its answer taken apart: status line, headers as sent, body.</summary>
internal sealed record CurlAnswer(int Status, string Head, string Body)
{
    public string? Header(string name) =>
        Head.Split("\r\n")
            .Skip(1)
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(parts => parts[1].Trim())
            .FirstOrDefault();

    public override string ToString() => Head + "\n" + Body;
}

/// <summary>Runs <c>curl</c>.</summary>
internal static class Curl
{
    public static async Task<CurlAnswer> RunAsync(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(
            "curl",
            ["--silent", "--show-error", "--no-buffer", "--max-time", "60", "--include", .. arguments]
        );
        result.Expect(0);
        // The harness reads lines, so their ends are LF here; a head's are CRLF on the wire.
        var text = result.Output.Replace("\r\n", "\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = text[..end];
        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        return new CurlAnswer(status, head.Replace("\n", "\r\n", StringComparison.Ordinal), text[(end + 2)..]);
    }
}
