using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>A caller who reads slowly slows the engine down; nothing piles up in between.</summary>
public sealed class SlowReaderTests : IClassFixture<RecordedGateway>
{
    private const int Megabyte = 1024 * 1024;
    private const int Megabytes = 256;

    /// <summary>The kernel's socket buffers on four ends, and the gateway's own bounded ones.</summary>
    private const int InBetween = 64 * Megabyte;

    private readonly RecordedGateway _fixture;

    public SlowReaderTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Fact]
    public async Task What_is_not_read_is_not_taken_from_the_engine()
    {
        var chunk = TextChunk(new string('x', 64 * 1024));
        var sent = 0L;
        _fixture.Engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk);
            while (sent < Megabytes * (long)Megabyte)
            {
                await exchange.ChunkAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }

            await exchange.ChunkAsync(FinishChunk + UsageChunk + Done);
            await exchange.EndAsync();
        };
        var before = _fixture.Gateway.Process.ResidentBytes;

        using var stream = await _fixture.Client.OpenAsync(ChatBody.Stream());
        Assert.True(await stream.ReadUntilAsync(text => text.Length > 0));
        await StandsStillAsync(() => Interlocked.Read(ref sent));

        Assert.True(Interlocked.Read(ref sent) < InBetween, $"{sent / Megabyte} MB were taken that nobody read.");
        var grown = _fixture.Gateway.Process.ResidentBytes - before;
        Assert.True(grown < 2L * InBetween, $"Grew by {grown / Megabyte} MB.");
        var (length, end) = await stream.SkimToEndAsync();
        Assert.True(length > Megabytes * (long)Megabyte, $"Only {length} bytes came.");
        Assert.EndsWith(FinishChunk + Done, end, StringComparison.Ordinal);
    }

    /// <summary>Polls until a number has not changed for a second of looks.</summary>
    private static async Task StandsStillAsync(Func<long> number)
    {
        var (last, same) = (number(), 0);
        await Until.TrueAsync(
            () =>
            {
                var now = number();
                (last, same) = now == last ? (now, same + 1) : (now, 0);
                return same == 50;
            },
            "the engine to be held back"
        );
    }
}
