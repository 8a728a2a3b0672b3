using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Tests.Relaying;

public sealed class HeldAnswerTests
{
    [Fact]
    public async Task A_comment_that_is_due_is_nothing_to_a_held_answer()
    {
        var source = new LateSource("held"u8.ToArray()) { WakeAt = TimeProvider.System.GetTimestamp() };

        using var held = await HeldAnswer.ReadAsync(source, most: 1024);

        Assert.Equal(ReadStep.End, held.Step);
        Assert.Equal("held"u8.ToArray(), held.Bytes.ToArray());
        Assert.Equal(1, source.Waits);
    }

    /// <summary>Bytes that come once they are waited for, and the end behind them.</summary>
    private sealed class LateSource(byte[] bytes) : IByteSource
    {
        private bool _isRead;

        public ReadOnlyMemory<byte> Payload => bytes;

        public long WakeAt { get; set; }

        public int Waits { get; private set; }

        public ReadStep TryRead()
        {
            if (TimeProvider.System.GetTimestamp() >= WakeAt)
            {
                return ReadStep.Woken;
            }

            if (Waits == 0)
            {
                return ReadStep.Pending;
            }

            var step = _isRead ? ReadStep.End : ReadStep.Data;
            _isRead = true;
            return step;
        }

        public ValueTask WaitAsync()
        {
            Waits++;
            return ValueTask.CompletedTask;
        }
    }
}
