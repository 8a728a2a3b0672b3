using Penstock.Tests.Simulator;

namespace Penstock.Tests.Transport.Plain;

/// <summary>Nothing stays of a connection that has ended. Counts what is the whole process's, and so runs alone.</summary>
[Collection(nameof(Alone))]
public sealed class PlainLeakTests
{
    private const int Rounds = 2_000;

    /// <summary>What the process opens for itself meanwhile.</summary>
    private const int OtherDescriptors = 200;

    /// <summary>Far less than the smallest buffer that a connection rents.</summary>
    private const int BytesARequest = 1024;

    [Fact]
    public async Task No_descriptor_and_no_member_stays_however_connections_end()
    {
        await using var server = await PlainBench.StartAsync(PlainConnectionTests.CountBytesAsync);
        var before = Descriptors;
        for (var round = 0; round < Rounds; round++)
        {
            using var caller = await server.ConnectAsync();
            await EndAsync(caller, round % 5);
        }

        await PlainConnectionTests.Eventually(() => server.PlainOnes == 0);
        Assert.Equal(0, server.Beating);
        await PlainConnectionTests.Eventually(() => Descriptors < before + OtherDescriptors);
    }

    [Fact]
    public async Task Every_rented_buffer_comes_back()
    {
        var request = System.Text.Encoding.ASCII.GetBytes(StrangeRequests.Usual(new string('b', 500)));
        var answer = "[ok]"u8.ToArray();
        await using var server = await PlainBench.StartAsync(context =>
        {
            context.Request.BodyReader.TryRead(out var read);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            var writing = context.Response.BodyWriter.WriteAsync(answer, CancellationToken.None);
            return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
        });
        using var caller = await server.ConnectAsync();
        await AskAsync(caller, request, Rounds);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await AskAsync(caller, request, Rounds);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Rounds;
        Assert.True(each < BytesARequest, $"{each} bytes a request");
        Assert.Equal(2 * Rounds, server.PlainRequests);
    }

    private static int Descriptors => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static async Task AskAsync(RawConnection caller, byte[] request, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await caller.SendAsync(request);
            await caller.SkipUntilAsync("0\r\n\r\n"u8.ToArray());
        }
    }

    private static async Task EndAsync(RawConnection caller, int how)
    {
        switch (how)
        {
            case 0:
                await PlainConnectionTests.AskAsync(caller, "b");
                break;
            case 1:
                await caller.SendAsync(StrangeRequests.Usual(new string('b', 100))[..^50]);
                break;
            case 2:
                await PlainConnectionTests.AskAsync(caller, "b");
                await caller.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                await caller.ReadUntilAsync("[0]");
                break;
            case 3:
                await caller.SendAsync(StrangeRequests.Usual());
                caller.Reset();
                break;
            default:
                await caller.SendAsync(StrangeRequests.Usual());
                caller.CloseSending();
                break;
        }
    }
}
