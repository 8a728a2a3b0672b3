using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Dialects;

/// <summary>What can be said of an engine without looking at a request.</summary>
internal sealed record DialectFacts(string Name, int DefaultPort)
{
    /// <summary>The <c>server</c> header; null where the engine sends none.</summary>
    public string? Server { get; init; } = "uvicorn";

    public string JsonType { get; init; } = Http.HttpReply.Json;

    public string StreamType { get; init; } = "text/event-stream; charset=utf-8";

    /// <summary>Idle connections are closed after this; zero never. Five seconds is uvicorn's own default.</summary>
    public TimeSpan IdleConnection { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the engine behind the words behaves.</summary>
    public EngineHabits Habits { get; init; } = new();

    public ColdStart ColdStart { get; init; } = ColdStart.Refuses;

    public ErrorEnding AfterError { get; init; } = ErrorEnding.Done;

    /// <summary>
    /// Whether the first events of a stream share a write, and its last ones too: the engine writes what one step of
    /// it brought, however many events that is.
    /// </summary>
    public bool GathersEnds { get; init; }
}
