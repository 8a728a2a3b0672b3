using Penstock.Probing.Conformance;

namespace Penstock.Probing;

/// <summary>Reads an engine's version now and then. It changes only when the engine is started anew.</summary>
internal sealed class VersionPoll(EngineClient client, EngineAddress engine, ProbingMetrics metrics)
{
    /// <summary>
    /// Health checks between two readings: a restart shows in the health, unless another engine answers at once behind
    /// the same address.
    /// </summary>
    private const int ChecksBetween = 6;

    private int _checks;

    /// <summary>Null: it does not tell.</summary>
    public string? Current { get; private set; }

    /// <summary>Reads it if it is time.</summary>
    public async Task ReadAsync(TimeSpan patience, CancellationToken stop)
    {
        if (engine.Engine.VersionPath is not { } path || _checks-- > 0)
        {
            return;
        }

        _checks = ChecksBetween;
        var reply = await client.GetAsync(engine, path, patience, stop);
        metrics.Polled(PollKind.Version, reply);
        Current = Of(reply) ?? Current;
    }

    /// <summary>The next check reads it.</summary>
    public void Forget() => _checks = 0;

    public static string? Of(EngineReply reply) => reply.IsSuccess ? reply.Json()?.Text("version") : null;
}
