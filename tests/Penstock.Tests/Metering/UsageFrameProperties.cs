using FsCheck.Xunit;
using Penstock.Metering;

namespace Penstock.Tests.Metering;

public sealed class UsageFrameProperties
{
    public static TheoryData<bool> Forms => [true, false];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_record_comes_back_as_it_was_written(bool full)
    {
        var record = full ? Rows.Full() : Rows.Bare();
        var frame = Write(record);

        Assert.Equal(FrameStep.Whole, UsageFrame.Read(frame, out var read, out var length));
        Assert.Equal(record, read);
        Assert.Equal(frame.Length, length);
    }

    [Fact]
    public void A_frame_that_was_cut_anywhere_is_torn_and_never_read()
    {
        var frame = Write(Rows.Full());

        for (var cut = 0; cut < frame.Length; cut++)
        {
            Assert.Equal(FrameStep.Torn, UsageFrame.Read(frame.AsSpan(0, cut), out _, out _));
        }
    }

    [Property]
    public bool A_frame_with_another_byte_is_never_taken_for_whole(int place, byte other)
    {
        var frame = Write(Rows.Full());
        var at = (int)((uint)place % (uint)frame.Length);
        if (frame[at] == other)
        {
            return true;
        }

        frame[at] = other;
        return UsageFrame.Read(frame, out _, out _) != FrameStep.Whole;
    }

    [Fact]
    public void A_text_of_any_length_leaves_a_frame_that_can_be_read()
    {
        var record = Rows.Full() with { Model = Llamas(1_000), Replica = new string('é', 5_000) };

        Assert.Equal(FrameStep.Whole, UsageFrame.Read(Write(record), out var read, out _));
        Assert.Equal(Llamas(UsageFrame.LongestText / 4), read.Model);
        Assert.Equal(record.EndedAt, read.EndedAt);
    }

    private static string Llamas(int count) => string.Concat(Enumerable.Repeat("🦙", count));

    private static byte[] Write(UsageRecord record)
    {
        var frame = new byte[UsageFrame.Largest];
        return frame[..UsageFrame.Write(frame, record)];
    }
}
