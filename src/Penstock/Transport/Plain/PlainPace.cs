using Microsoft.AspNetCore.Server.Kestrel.Core;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>How slow a connection may be: the framework's own limits, which are set in one place for both.</summary>
internal sealed class PlainPace
{
    private readonly MinDataRate? _body;
    private readonly MinDataRate? _answer;
    private readonly TimeProvider _time;

    public PlainPace(KestrelServerLimits limits, TimeProvider time)
    {
        (_body, _answer, _time) = (limits.MinRequestBodyDataRate, limits.MinResponseDataRate, time);
        Idle = time.Ticks(limits.KeepAliveTimeout);
    }

    /// <summary>Timestamps that a connection may wait for its next request.</summary>
    public long Idle { get; }

    /// <param name="bytes">Bytes that came.</param>
    /// <param name="span">Timestamps since the first of them was waited for.</param>
    public bool IsTooSlow(long bytes, long span) => IsTooSlow(_body, bytes, span);

    /// <param name="bytes">Bytes that were to go out.</param>
    /// <param name="span">Timestamps since the caller took the last of them.</param>
    public bool IsTooSlowToRead(long bytes, long span) =>
        _answer is not null && Seconds(span) > _answer.GracePeriod.TotalSeconds + (bytes / _answer.BytesPerSecond);

    private bool IsTooSlow(MinDataRate? rate, long bytes, long span) =>
        rate is not null
        && Seconds(span) is var seconds
        && seconds > rate.GracePeriod.TotalSeconds
        && bytes / seconds < rate.BytesPerSecond;

    private double Seconds(long span) => _time.Span(span).TotalSeconds;
}
