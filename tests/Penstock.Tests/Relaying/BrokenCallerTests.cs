using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Penstock.Relaying;

namespace Penstock.Tests.Relaying;

/// <summary>The caller's connection breaks under a write, which the server tells by throwing what broke it.</summary>
public sealed class BrokenCallerTests
{
    private static readonly byte[] Chunk =
        """
        data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}


        """u8.ToArray();

    public static TheoryData<Exception> Breaks =>
        [new ConnectionResetException("Broken pipe"), new ConnectionAbortedException("The server stops.")];

    [Theory]
    [MemberData(nameof(Breaks), DisableDiscoveryEnumeration = true)]
    public async Task What_they_had_until_then_is_counted(Exception broken)
    {
        using var tally = new StreamTally(choices: 1, hideUsage: true, continuation: null);
        var relay = new StreamRelay(
            new ScriptedSource([Chunk, Chunk, Chunk, Chunk]),
            new BreakingConnection(flushes: 2, broken),
            () => { },
            tally,
            new KeepAlive(TimeSpan.Zero, TimeProvider.System),
            new RelayOptions(),
            TimeProvider.System
        );

        var result = await relay.RunAsync();

        Assert.Equal(RelayEnding.ClientGone, result.Ending);
        Assert.Equal(3, result.Chunks);
    }

    /// <summary>The framework's writer of an answer whose connection breaks.</summary>
    private sealed class BreakingConnection(int flushes, Exception broken) : PipeWriter
    {
        private readonly PipeWriter _sent = Create(Stream.Null);
        private int _left = flushes;

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => _sent.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _sent.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _sent.GetSpan(sizeHint);

        public override void Advance(int bytes) => _sent.Advance(bytes);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            _left-- > 0 ? _sent.FlushAsync(cancellationToken) : throw broken;

        public override void CancelPendingFlush() => _sent.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => _sent.Complete(exception);
    }
}
