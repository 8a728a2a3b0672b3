using Penstock.Idempotency;

namespace Penstock.Storage.Redis;

/// <summary>
/// Fetches what another node generates, or has generated, into a recording of this one: once for all who listen here,
/// and for as long as anybody does.
/// </summary>
/// <param name="owner">Whose generation it is.</param>
internal sealed class RedisMirror(
    RedisAnswers answers,
    MemoryIdempotencyStore local,
    Recording recording,
    string owner,
    TimeProvider time
)
{
    private long _heard;
    private long _heardAt = time.GetTimestamp();

    /// <param name="stop">This process ends.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stop, recording.Abandoned);
        try
        {
            while (!until.IsCancellationRequested && await HearAsync())
            {
                await Task.Delay(answers.Pause, time, until.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            // Does nothing when it has ended otherwise; else those who have been shown nothing ask anew.
            recording.Withdraw();
        }

        await answers.LeaveAsync(recording);
    }

    /// <returns>Whether to look again.</returns>
    private async Task<bool> HearAsync()
    {
        while (true)
        {
            if (await answers.FollowAsync(recording, owner, _heard) is not { } news)
            {
                return answers.IsUsable && time.GetElapsedTime(_heardAt) < answers.Lease;
            }

            _heardAt = time.GetTimestamp();
            if (news.State is TwinWord.Gone)
            {
                return false;
            }

            if (news.State is TwinWord.Unkept or TwinWord.Lost || !TryWrite(news))
            {
                recording.GiveUpKeeping(default);
                Release();
                return false;
            }

            if (_heard >= news.Total)
            {
                return !IsOver(news);
            }
        }
    }

    private bool IsOver(in TwinNews news)
    {
        if (news.State == TwinWord.Whole)
        {
            Release();
        }
        else if (news.Failure is { } failure)
        {
            recording.Fail(failure);
        }

        return !recording.IsRunning;
    }

    private bool TryWrite(in TwinNews news)
    {
        if (recording.Head is null && news.Head is { } head)
        {
            recording.Begin(head);
        }

        var rest = news.Payload;
        while (!rest.IsEmpty)
        {
            if (!recording.TryGetMemory(1, out var memory))
            {
                return false;
            }

            var count = Math.Min(memory.Length, rest.Length);
            rest[..count].CopyTo(memory);
            recording.Advance(count);
            rest = rest[count..];
        }

        _heard += news.Payload.Length;
        recording.Publish();
        return true;
    }

    /// <summary>The server has it for whoever comes next; here it is for those who listen.</summary>
    private void Release()
    {
        local.Seal(recording);
        local.Remove(recording);
    }
}
