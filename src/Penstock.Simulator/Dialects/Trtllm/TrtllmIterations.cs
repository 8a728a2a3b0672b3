using System.Globalization;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>
/// The statistics of the engine's steps since somebody last read them: reading takes them away, so that two readers
/// steal from each other.
/// </summary>
internal sealed class TrtllmIterations
{
    // As the real one keeps a bounded number; a tenth of its thousand says as much.
    private const int Kept = 100;

    private readonly Lock _sync = new();
    private long _seen;
    private long _number;

    public HttpReply Drain(EngineState engine)
    {
        engine.Counters.DrainedRead();
        var c = engine.Counters;
        long first;
        long last;
        lock (_sync)
        {
            var generated = c.GeneratedTokens;
            // A reset of the counters begins anew.
            var fresh = Math.Max(generated - Math.Min(_seen, generated), 0);
            _seen = generated;
            // One step gives every running answer a token; a step that runs now is counted when it has given one.
            var steps = fresh == 0 ? 0 : Math.Max(fresh / Math.Max(c.Running, 1), 1);
            first = _number + Math.Max(steps - Kept, 0);
            last = _number += steps;
        }

        var blocks = engine.Options.KvTokens / engine.Habits.BlockSize;
        var used = (long)(engine.KvUsage * blocks);
        var items = Enumerable
            .Range(0, (int)(last - first))
            .Select(i =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"inflightBatchingStats":{"numContextRequests":0,"numGenRequests":{{c.Running}},"numPausedRequests":0,"numScheduledRequests":{{c.Running}}},"iter":{{first + i + 1}},"iterLatencyMS":{{engine.Options.Itl.TotalMilliseconds}},"kvCacheStats":{"freeNumBlocks":{{blocks - used}},"maxNumBlocks":{{blocks}},"tokensPerBlock":{{engine.Habits.BlockSize}},"usedNumBlocks":{{used}}},"numActiveRequests":{{c.Running}},"numQueuedRequests":{{c.Waiting}}}"""
                )
            );
        return HttpReply.JsonText($"[{string.Join(',', items)}]");
    }
}
