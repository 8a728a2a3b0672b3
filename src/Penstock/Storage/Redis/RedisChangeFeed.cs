using Penstock.Registry;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// Tells the other gateways of a change by a published word, and hears theirs. Nobody waits for it and nothing relies on it:
/// what it misses while the server is away, the next look at the store's revision finds.
/// </summary>
internal sealed class RedisChangeFeed(RedisConnection connection, TimeProvider time) : IChangeFeed, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private long _announced;

    private RedisChannel Channel => RedisChannel.Literal($"{connection.Prefix}:registry");

    public ValueTask AnnounceAsync(long revision, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _announced, revision);
        if (connection is { IsUsable: true, Subscriber: { } subscriber })
        {
            // Sent, and nothing is awaited.
            _ = subscriber.PublishAsync(Channel, revision, CommandFlags.FireAndForget);
        }

        return ValueTask.CompletedTask;
    }

    public void Listen(Action<long> heard) => _ = SubscribeAsync(heard);

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task SubscribeAsync(Action<long> heard)
    {
        try
        {
            var end = _end.Token;
            await connection.OpenAsync(end);
            while (connection.Subscriber is null)
            {
                await Task.Delay(connection.Patience, time, end);
            }

            // Once is enough: what cannot be subscribed now, or is lost later, the library renews with each new connection.
            await connection.Subscriber.SubscribeAsync(Channel, (_, word) => Hear(word, heard));
        }
        catch (Exception error)
            when (error is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is not there yet, or the process ends.
        }
    }

    /// <summary>A word that is no number is not ours.</summary>
    private void Hear(RedisValue word, Action<long> heard)
    {
        // One's own comes back, too.
        if (word.TryParse(out long revision) && revision != Volatile.Read(ref _announced))
        {
            heard(revision);
        }
    }
}
