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

    /// <summary>Bodies beyond it are refused; null leaves that to the server's own limit.</summary>
    public long? LargestBody { get; init; }

    /// <summary>Whether a stream is the output of a job, cut into pieces on its way.</summary>
    public bool IsJob { get; init; }

    public ErrorEnding AfterError { get; init; } = ErrorEnding.Done;

    /// <summary>
    /// Whether the first events of a stream share a write, and its last ones too: the engine writes what one step of
    /// it brought, however many events that is.
    /// </summary>
    public bool GathersEnds { get; init; }

    /// <summary>After so much silence a stream says <see cref="Ping"/>; zero never.</summary>
    public TimeSpan PingInterval { get; init; }

    /// <summary>The comment line that keeps a silent stream alive.</summary>
    public string Ping { get; init; } = ": keep-alive";
}
