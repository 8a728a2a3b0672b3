namespace Penstock.Routing.Explaining;

/// <summary>The way of a request that is over, as somebody is told of it who asks.</summary>
internal sealed record ToldTrace
{
    public required Guid RequestId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required string? Workspace { get; init; }
    public required string? Model { get; init; }

    /// <summary>How the request ended, in the word of the log and the metrics.</summary>
    public required string Ending { get; init; }

    public required int Status { get; init; }
    public required TimeSpan Duration { get; init; }
    public required TimeSpan? FirstByte { get; init; }

    /// <summary>It had a place in a line.</summary>
    public required bool HasWaited { get; init; }

    public required IReadOnlyList<TraceStep> Steps { get; init; }

    /// <summary>Steps that found no room.</summary>
    public required int LeftOut { get; init; }
}
