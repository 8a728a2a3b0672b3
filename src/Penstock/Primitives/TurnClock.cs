namespace Penstock.Primitives;

/// <summary>
/// The system's time. On the thread of an event loop it is read once a turn, when somebody first asks; whoever asks
/// again in the same turn is told the same. It is late by the length of a turn at most, and never goes back.
/// </summary>
/// <remarks>A turn is what one event leads to, up to where it waits. Everywhere else each look is a look.</remarks>
internal sealed class TurnClock : TimeProvider
{
    [ThreadStatic]
    private static Turn? _turn;

    /// <summary>This thread works in turns from now on.</summary>
    /// <returns>To be told of each.</returns>
    public static Turn BeginTurns() => _turn ??= new Turn();

    public override long GetTimestamp() => _turn is { } turn ? turn.Timestamp : base.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _turn is { } turn ? turn.UtcNow : base.GetUtcNow();

    /// <summary>The turns of one thread.</summary>
    internal sealed class Turn
    {
        private long _timestamp;
        private DateTimeOffset _utcNow;
        private bool _isRead;

        public long Timestamp => Read()._timestamp;

        public DateTimeOffset UtcNow => Read()._utcNow;

        /// <summary>Another one begins.</summary>
        public void Next() => _isRead = false;

        /// <summary>Both: a request asks for both.</summary>
        private Turn Read()
        {
            if (!_isRead)
            {
                (_timestamp, _utcNow, _isRead) = (System.GetTimestamp(), System.GetUtcNow(), true);
            }

            return this;
        }
    }
}
