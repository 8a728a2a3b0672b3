using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;

namespace Penstock.Tests.Relaying;

/// <summary>An engine that says something and then keeps silent for ever: only the clock wakes its reader.</summary>
internal sealed class SilentSource(byte[] bytes, FakeTimeProvider time) : IByteSource
{
    private bool _isRead;

    public ReadOnlyMemory<byte> Payload => bytes;

    public long WakeAt { get; set; } = long.MaxValue;

    /// <summary>How long the reader waited.</summary>
    public TimeSpan Waited { get; private set; }

    public ReadStep TryRead()
    {
        if (!_isRead)
        {
            _isRead = true;
            return ReadStep.Data;
        }

        return time.GetTimestamp() >= WakeAt ? ReadStep.Woken : ReadStep.Pending;
    }

    public ValueTask WaitAsync()
    {
        Assert.NotEqual(long.MaxValue, WakeAt);
        var wait = TimeSpan.FromSeconds((double)(WakeAt - time.GetTimestamp()) / time.TimestampFrequency);
        Waited += wait;
        time.Advance(wait);
        return ValueTask.CompletedTask;
    }
}
