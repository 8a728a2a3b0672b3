using static Penstock.Simulator.Faults.DirectiveValue;

namespace Penstock.Simulator.Faults;

/// <summary>Every directive there is. The help text, the README's table and the reader come from here.</summary>
internal static class DirectiveTable
{
    public static readonly Directive[] All =
    [
        new("ttft", "DURATION", "time to the first token", (d, v) => d with { Ttft = Duration(v) }),
        new("itl", "DURATION", "time from token to token", (d, v) => d with { Itl = Duration(v) }),
        new("tokens", "N", "length of the answer", (d, v) => d with { Tokens = Number(v, 1) }),
        new("status", "CODE", "answer with this error status", (d, v) => d with { Status = Number(v, 400) }),
        new("retry-after", "TEXT", "Retry-After header of that error", (d, v) => d with { RetryAfter = v }),
        new(
            "retry-after-ms",
            "N",
            "retry-after-ms header of that error",
            (d, v) => d with { RetryAfterMs = Number(v, 0) }
        ),
        new("as-200", "", "that error's body under status 200", (d, _) => d with { As200 = true }),
        new(
            "error-body",
            "engine|flat|string|text|html|cloudflare|empty",
            "form of that error's body",
            (d, v) => d with { ErrorBody = OneOf(v, "engine", "flat", "string", "text", "html", "cloudflare", "empty") }
        ),
        new("silent", "", "read the request and never answer", (d, _) => d with { Silent = true }),
        new("close", "", "close before the head", (d, _) => d with { Close = true }),
        new("reset-head", "", "reset the connection before the head", (d, _) => d with { ResetHead = true }),
        new("late-head", "", "hold the stream's head back until the first token", (d, _) => d with { LateHead = true }),
        new(
            "slow-headers",
            "DURATION",
            "pause in the middle of the head",
            (d, v) => d with { SlowHeaders = Duration(v) }
        ),
        new(
            "framing",
            "length|chunked|close",
            "how the body's end is told",
            (d, v) => d with { Framing = OneOf(v, "length", "chunked", "close") }
        ),
        new(
            "both-lengths",
            "",
            "Content-Length and Transfer-Encoding at once",
            (d, _) => d with { BothLengths = true }
        ),
        new("content-type", "TEXT", "content type of a good answer", (d, v) => d with { ContentType = v }),
        new("cut", "K", "close after K events (JSON: K bytes)", (d, v) => d with { Cut = Number(v, 0) }),
        new(
            "reset",
            "K",
            "reset the connection after K events (JSON: K bytes)",
            (d, v) => d with { Reset = Number(v, 0) }
        ),
        new("stall", "K:DURATION", "pause after K events (JSON: K bytes)", Stall),
        new(
            "error-event",
            "K",
            "after K events the engine fails: error event, then the dialect's ending",
            (d, v) => d with { ErrorEvent = Number(v, 0) }
        ),
        new(
            "bad-json",
            "K",
            "event K is cut short inside its JSON (JSON: the body is)",
            (d, v) => d with { BadJson = Number(v, 1) }
        ),
        new("bad-chunk", "K", "broken chunked framing after K events", (d, v) => d with { BadChunk = Number(v, 0) }),
        new(
            "big-event",
            "BYTES",
            "the first content event grows by so much",
            (d, v) => d with { BigEvent = Number(v, 1) }
        ),
        new("no-done", "", "end without [DONE]", (d, _) => d with { NoDone = true }),
        new("no-finish", "", "end without finish reasons, [DONE] all the same", (d, _) => d with { NoFinish = true }),
        new("usage-missing", "", "no usage though it was asked for", (d, _) => d with { UsageMissing = true }),
        new("after-done", "", "one more event after [DONE]", (d, _) => d with { AfterDone = true }),
        new("drop-piece", "K", "piece K of a job's stream is lost", (d, v) => d with { DropPiece = Number(v, 1) }),
        new(
            "repeat-piece",
            "K",
            "piece K of a job's stream comes twice",
            (d, v) => d with { RepeatPiece = Number(v, 1) }
        ),
        new("drop-event", "K", "event K is not sent", (d, v) => d with { DropEvent = Number(v, 1) }),
        new("repeat-event", "K", "event K is sent twice", (d, v) => d with { RepeatEvent = Number(v, 1) }),
        new(
            "twice-finish",
            "",
            "the event with the finish reason comes twice",
            (d, _) => d with { TwiceFinish = true }
        ),
        new("no-blank-end", "", "[DONE] without the blank line behind it", (d, _) => d with { NoBlankEnd = true }),
        new(
            "late-end",
            "DURATION",
            "so long between the last byte and the end of the body",
            (d, v) => d with { LateEnd = Duration(v) }
        ),
        new(
            "ping",
            "DURATION",
            "a comment so often while the first token is awaited",
            (d, v) => d with { Ping = Positive(v) }
        ),
        new(
            "stamps",
            "",
            "each event says when it was made: sim_us, in microseconds since 1970",
            (d, _) => d with { Stamps = true }
        ),
        new(
            "split",
            "BYTES|utf8|crlf|random",
            "write so many bytes at a time, or cut inside characters, line ends or anywhere",
            (d, v) => d with { Split = WriteSplit.Read(v) }
        ),
        new("split-seed", "N", "which random cuts", (d, v) => d with { SplitSeed = Number(v, 0) }),
        new("split-pause", "DURATION", "wait between those writes", (d, v) => d with { SplitPause = Duration(v) }),
        new("gzip", "", "compress the body", (d, _) => d with { Gzip = true }),
        new("bom", "", "a byte order mark before the first event", (d, _) => d with { Bom = true }),
        new("event-line", "", "an event: line before every data: line", (d, _) => d with { EventLine = true }),
        new("coalesce", "K", "K events a write", (d, v) => d with { Coalesce = Number(v, 1) }),
        new("crlf", "", "lines end in CR LF", (d, _) => d with { Crlf = true }),
        new("comment", "", "a comment before every event", (d, _) => d with { Comment = true }),
    ];

    private static Directives Stall(Directives directives, string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? directives with
            {
                StallAt = Number(value[..colon], 0),
                StallFor = Duration(value[(colon + 1)..]),
            }
            : throw new FormatException("expected K:DURATION, for example 3:10s");
    }
}
