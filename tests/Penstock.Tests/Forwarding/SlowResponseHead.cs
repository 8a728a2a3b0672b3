using System.Globalization;
using Penstock.Forwarding;

namespace Penstock.Tests.Forwarding;

/// <summary>Reads a response head as plainly as can be: line by line, with what the library offers for strings.</summary>
internal static class SlowResponseHead
{
    private const string Token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <returns>Null when it is not HTTP as it should be.</returns>
    public static ResponseHead? Read(string head)
    {
        var lines = head.Split("\r\n");
        if (lines[^1].Length > 0 || lines.Any(line => line.AsSpan().ContainsAny('\0', '\r', '\n')))
        {
            return null;
        }

        if (ReadStatus(lines[0]) is not { } read)
        {
            return null;
        }

        foreach (var line in lines[1..^1])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[..colon].Any(character => !Token.Contains(character, StringComparison.Ordinal)))
            {
                return null;
            }

            if (!ReadHeader(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t'), ref read))
            {
                return null;
            }
        }

        return read.Chunked && read.ContentLength >= 0 ? null : read;
    }

    private static ResponseHead? ReadStatus(string line)
    {
        var parts = line.Split(' ', 3);
        return
            parts.Length >= 2
            && parts[0] is "HTTP/1.0" or "HTTP/1.1"
            && parts[1].Length == 3
            && parts[1].All(char.IsAsciiDigit)
            && int.Parse(parts[1], CultureInfo.InvariantCulture) is >= 100 and <= 599 and var status
            ? new ResponseHead
            {
                Status = status,
                ContentLength = -1,
                RetryAfterSeconds = -1,
                KeepAlive = parts[0] == "HTTP/1.1",
            }
            : null;
    }

    private static bool ReadHeader(string name, string value, ref ResponseHead read)
    {
        var lower = value.ToLowerInvariant();
        switch (name)
        {
            case "connection":
                read.KeepAlive = lower != "close" && (lower == "keep-alive" || read.KeepAlive);
                return true;
            case "retry-after":
                read.RetryAfterSeconds =
                    int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                    && seconds >= 0
                        ? seconds
                        : read.RetryAfterSeconds;
                return true;
            case "content-type":
                var media = lower.Split(';')[0].Trim(' ', '\t');
                read.MediaType = media switch
                {
                    "application/json" => MediaType.Json,
                    "text/event-stream" => MediaType.EventStream,
                    _ => MediaType.Other,
                };
                read.ContentType = read.MediaType == MediaType.Other ? value : read.ContentType;
                return true;
            case "content-length":
                var had = read.ContentLength;
                return value.Length is > 0 and <= 18
                    && value.All(char.IsAsciiDigit)
                    && (read.ContentLength = long.Parse(value, CultureInfo.InvariantCulture)) >= 0
                    && (had < 0 || had == read.ContentLength);
            case "content-encoding":
                read.Encoded = lower is not ("" or "identity");
                return true;
            case "transfer-encoding":
                var again = read.Chunked;
                read.Chunked = lower == "chunked";
                return read.Chunked && !again;
            default:
                return true;
        }
    }
}
