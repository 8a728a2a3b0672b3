using System.Buffers;
using System.IO.Pipelines;
using Penstock.Primitives;

namespace Penstock.Relaying;

/// <summary>
/// Comments in a silent stream, so that nothing between the engine and the caller takes it for dead. One line with
/// one LF: an empty line behind a comment makes strict readers deliver an empty event.
/// </summary>
/// <param name="interval">Silence before a comment; zero: never.</param>
internal sealed class KeepAlive(TimeSpan interval, TimeProvider time)
{
    private readonly long _interval = time.Ticks(interval);
    private long _last = interval > TimeSpan.Zero ? time.GetTimestamp() : 0;

    public bool IsOn => _interval > 0;

    /// <summary>Timestamp at which the silence has lasted long enough; <see cref="long.MaxValue"/>: never.</summary>
    public long DueAt => IsOn ? _last + _interval : long.MaxValue;

    /// <summary>Time until the next comment.</summary>
    public TimeSpan Left => time.Span(Math.Max(0, DueAt - time.GetTimestamp()));

    /// <summary>Asks the source to wake its reader when the silence has lasted long enough.</summary>
    public void Arm(IByteSource source) => source.WakeAt = DueAt;

    /// <summary>Something went out: the silence begins anew.</summary>
    public void Wrote()
    {
        if (IsOn)
        {
            _last = time.GetTimestamp();
        }
    }

    /// <summary>Writes a comment if it is time for one.</summary>
    public bool Write(PipeWriter client)
    {
        if (time.GetTimestamp() < DueAt)
        {
            return false;
        }

        client.Write(": ping\n"u8);
        return true;
    }
}
