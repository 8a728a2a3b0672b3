using Penstock.Forwarding;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// Steps 6 and 7 where requests are hedged: when the first byte is later than nearly all others' were, a second replica
/// of the same weights gets the request too. Who brings the first byte answers; the other is broken off at once, and is
/// neither billed nor held to be ill.
/// </summary>
internal sealed class HedgedAttempt(
    InferenceAttempt attempt,
    CallFactory calls,
    RoutingOptions options,
    TimeProvider time
)
{
    /// <summary>Whether a second attempt may ever make sense. Going on with a stream is nothing to race for.</summary>
    public static bool MayServe(Caller caller, ModelRoute route) =>
        route.Deployment.Routing.Hedge == Hedge.Auto
        && route.Replicas.Count > 1
        && caller.Continuation is not { IsShown: true };

    public async ValueTask<AttemptOutcome> RunAsync(
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream,
        ReplicaSlot slot,
        Attempted attempted,
        Claim claim,
        long deadline
    )
    {
        var route = caller.Record.Route!;
        caller.Record.Trace?.Attempt(slot.Replica);
        await using var first = Open(caller, upstream, slot, attempted, deadline);
        caller.Expect(route, request.Envelope);
        var times = request.Envelope.Stream ? route.State.StreamTimes : route.State.DocumentTimes;
        if (await IsLateAsync(caller, first, times) && Another(route, claim, attempted, slot.Replica) is { } another)
        {
            caller.Record.Trace?.Hedged(another.Replica);
            await using var second = Open(caller, upstream, another, attempted, deadline);
            return await RaceAsync(caller, request, upstream, first, second, times);
        }

        await caller.WhileWaitingAsync(first.Opened);
        return await EndAsync(caller, request, upstream, first, first, times);
    }

    private HedgeLeg Open(
        Caller caller,
        UpstreamRequest upstream,
        ReplicaSlot slot,
        in Attempted attempted,
        long deadline
    )
    {
        var entry = new AttemptEntry(slot, attempted, caller.Record.Trace, time);
        caller.Record.Attempt(slot.Replica, entry.Began);
        return HedgeLeg.Open(
            entry,
            calls.Create(),
            upstream,
            caller.Record.Route!.Deployment.Timeouts,
            deadline,
            caller.Gone
        );
    }

    /// <summary>Waits until the answer begins, or ought to have begun.</summary>
    private async ValueTask<bool> IsLateAsync(Caller caller, HedgeLeg first, FirstByteTimes times)
    {
        if (times.Late(options.HedgeSamples) is not { } learned)
        {
            return false;
        }

        var floor = TimeSpan.FromMilliseconds(options.HedgeFloorMilliseconds);
        using var over = new CancellationTokenSource();
        var late = Task.Delay(learned > floor ? learned : floor, time, over.Token);
        await caller.WhileWaitingAsync(Task.WhenAny(first.Opened, late));
        await over.CancelAsync();
        return !first.Opened.IsCompleted && !caller.Gone.IsCancellationRequested;
    }

    /// <summary>A slot elsewhere if one is free now, within the budget of retries.</summary>
    private static ReplicaSlot? Another(ModelRoute route, in Claim claim, in Attempted attempted, Replica first)
    {
        var slot = route.Admission.TakeAnother(claim, attempted.With(first, anew: false, giveUp: false));
        if (slot is null || route.Retries.TrySpend())
        {
            return slot;
        }

        slot.Release(brokenOff: false);
        return null;
    }

    private async ValueTask<AttemptOutcome> RaceAsync(
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream,
        HedgeLeg first,
        HedgeLeg second,
        FirstByteTimes times
    )
    {
        await caller.WhileWaitingAsync(Task.WhenAny(first.Opened, second.Opened));
        if (!first.HasWord && !second.HasWord)
        {
            // One has failed, and the other may do better.
            await caller.WhileWaitingAsync(Task.WhenAll(first.Opened, second.Opened));
        }

        var (winner, loser) = first.HasWord || !second.HasWord ? (first, second) : (second, first);
        if (winner == second)
        {
            caller.Record.HedgesWon++;
        }
        else
        {
            caller.Record.HedgesLost++;
        }

        var failed = loser.Opened.IsCompleted && !loser.HasWord;
        if (failed)
        {
            loser.Entry.End(await attempt.FailureOfAsync(caller.Record, loser.Entry.Replica, loser.Call));
        }
        else
        {
            loser.Outrun();
        }

        var outcome = await EndAsync(caller, request, upstream, first, winner, times);
        return outcome with { Answerer = winner.Entry.Replica, AlsoFailed = failed ? loser.Entry.Replica : null };
    }

    private async ValueTask<AttemptOutcome> EndAsync(
        Caller caller,
        ChatRequest request,
        UpstreamRequest upstream,
        HedgeLeg first,
        HedgeLeg winner,
        FirstByteTimes times
    )
    {
        var replica = winner.Entry.Replica;
        if (winner.IsAnswering)
        {
            // Since the first was sent: where it was outrun it took at least as long.
            times.Add(first.Entry.Elapsed);
        }

        var outcome = winner.HasWord
            ? await attempt.FinishAsync(caller, request, upstream, replica, winner.Call)
            : await attempt.FailureOfAsync(caller.Record, replica, winner.Call);
        winner.Entry.End(outcome);
        return outcome;
    }
}
