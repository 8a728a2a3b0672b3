using Penstock.Engines;

namespace Penstock.Probing;

/// <summary>
/// Reads an engine's load, again and again, from the first of its sources that answers. An engine that does not tell is
/// asked more and more rarely.
/// </summary>
internal sealed class LoadPoll(
    EngineClient client,
    EngineAddress engine,
    ProbingOptions options,
    ProbingMetrics metrics
)
{
    private readonly TimeSpan _usual = PauseOf(engine, options);
    private LoadSource? _source = engine.Engine.LoadSource;

    /// <summary>How long to wait before the next reading; zero: there is nothing to read, or it is not wanted.</summary>
    public TimeSpan Pause { get; private set; } = PauseOf(engine, options);

    /// <returns>Unknown when the engine did not say: that is not idle.</returns>
    public async Task<EngineLoad> ReadAsync(TimeSpan patience, CancellationToken stop)
    {
        var reply = await client.GetAsync(engine, _source!.Path, patience, stop);
        metrics.Polled(PollKind.Load, reply);
        var load = reply.IsSuccess ? _source.Read(reply.Body) : EngineLoad.Unknown;
        if (!load.IsUnknown)
        {
            Pause = _usual;
            return load;
        }

        if (reply.Kind is ReplyKind.Answered && _source.Otherwise is { } other)
        {
            // Another release of it may tell elsewhere: asked next, at the usual pace.
            _source = other;
            return load;
        }

        _source = engine.Engine.LoadSource;
        var longest = TimeSpan.FromSeconds(Math.Max(options.LongestPauseSeconds, options.LoadSeconds));
        Pause = Pause * 2 < longest ? Pause * 2 : longest;
        return load;
    }

    /// <summary>The engine is another than before: what it did not tell then it may tell now.</summary>
    public void Forget()
    {
        _source = engine.Engine.LoadSource;
        Pause = _usual;
    }

    private static TimeSpan PauseOf(EngineAddress engine, ProbingOptions options) =>
        engine.Engine.LoadSource is null ? TimeSpan.Zero : TimeSpan.FromSeconds(options.LoadSeconds);
}
