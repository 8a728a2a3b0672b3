namespace Penstock.Simulator.Faults;

/// <summary>
/// How one request is to be answered, and what is to go wrong with it. <see cref="DirectiveTable"/> explains each.
/// </summary>
internal sealed record Directives
{
    public static readonly Directives None = new();

    public TimeSpan? Ttft { get; init; }
    public TimeSpan? Itl { get; init; }
    public int? Tokens { get; init; }

    public int? Status { get; init; }
    public string? RetryAfter { get; init; }
    public int? RetryAfterMs { get; init; }
    public bool As200 { get; init; }
    public string ErrorBody { get; init; } = "engine";

    public bool Silent { get; init; }
    public bool Close { get; init; }
    public bool ResetHead { get; init; }
    public bool LateHead { get; init; }
    public TimeSpan? SlowHeaders { get; init; }
    public string? Framing { get; init; }
    public bool BothLengths { get; init; }
    public string? ContentType { get; init; }

    public int? Cut { get; init; }
    public int? Reset { get; init; }
    public int? StallAt { get; init; }
    public TimeSpan StallFor { get; init; }
    public int? ErrorEvent { get; init; }
    public int? BadJson { get; init; }
    public int? BadChunk { get; init; }
    public int? BigEvent { get; init; }
    public bool NoDone { get; init; }
    public bool NoFinish { get; init; }
    public bool UsageMissing { get; init; }
    public bool AfterDone { get; init; }

    /// <summary>Whether there is no answer at all but an error, or not even that.</summary>
    public bool Fails => Close || ResetHead || As200 || Status is not null;

    public int? DropPiece { get; init; }
    public int? RepeatPiece { get; init; }
    public int? DropEvent { get; init; }
    public int? RepeatEvent { get; init; }
    public bool TwiceFinish { get; init; }
    public bool NoBlankEnd { get; init; }
    public TimeSpan? LateEnd { get; init; }
    public TimeSpan? Ping { get; init; }
    public bool Stamps { get; init; }

    public WriteSplit? Split { get; init; }
    public int? SplitSeed { get; init; }
    public TimeSpan? SplitPause { get; init; }
    public bool Gzip { get; init; }
    public bool Bom { get; init; }
    public bool EventLine { get; init; }
    public int? Coalesce { get; init; }
    public bool Crlf { get; init; }
    public bool Comment { get; init; }
}
