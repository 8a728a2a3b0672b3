using System.IO.Pipelines;
using System.Text;
using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Tests.Relaying;

/// <summary>A caller's end of a stream, to which engines relay one after another.</summary>
internal sealed class CallerSide(StreamContinuation? continuation = null) : IDisposable
{
    private readonly MemoryStream _received = new();

    public string Text => Encoding.UTF8.GetString(_received.ToArray());

    public async ValueTask<RelayResult> RelayAsync(
        IByteSource source,
        bool hideUsage = true,
        int choices = 1,
        TimeProvider? time = null
    )
    {
        var writer = PipeWriter.Create(_received, new StreamPipeWriterOptions(leaveOpen: true));
        using var tally = new StreamTally(choices, hideUsage, continuation);
        var relay = new StreamRelay(
            source,
            writer,
            () => { },
            tally,
            new KeepAlive(TimeSpan.Zero, TimeProvider.System),
            new RelayOptions { EventBytes = 8192 },
            time ?? TimeProvider.System
        );
        var result = await relay.RunAsync();
        await writer.CompleteAsync();
        return result;
    }

    public ValueTask<RelayResult> RelayAsync(
        string engine,
        bool hideUsage = true,
        ReadStep last = ReadStep.End,
        int seed = 0
    ) => RelayAsync(new ScriptedSource(Pieces.Of(engine, seed), last), hideUsage);

    public void Dispose() => _received.Dispose();
}
