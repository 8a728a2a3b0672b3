using Penstock.Limits;

namespace Penstock.Tests.Limits;

/// <summary>Asks the local store as one line; its answers are there at once.</summary>
internal static class LimitStoreCalls
{
    public static LimitDecision Take(this ILimitStore store, Limit limit) =>
        Completed(store.TakeAsync(limit, CancellationToken.None));

    public static LimitDecision Peek(this ILimitStore store, Limit limit) =>
        Completed(store.PeekAsync(limit, CancellationToken.None));

    private static LimitDecision Completed(ValueTask<LimitDecision> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully);
        return answer.GetAwaiter().GetResult();
    }
}
