using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Tests.Relaying;

public sealed class KeepAliveTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_comment_is_one_line_and_goes_out_only_after_the_silence()
    {
        using var caller = new MemoryStream();
        var writer = PipeWriter.Create(caller);
        var keepAlive = new KeepAlive(TimeSpan.FromSeconds(15), _time);
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(keepAlive.Write(writer));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(keepAlive.Write(writer));
        keepAlive.Wrote();
        Assert.False(keepAlive.Write(writer));
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(": ping\n", Encoding.UTF8.GetString(caller.ToArray()));
    }

    [Fact]
    public void Off_means_that_nobody_is_ever_woken()
    {
        var source = new ScriptedSource([], ReadStep.End);
        new KeepAlive(TimeSpan.Zero, _time).Arm(source);
        Assert.Equal(long.MaxValue, source.WakeAt);
    }
}
