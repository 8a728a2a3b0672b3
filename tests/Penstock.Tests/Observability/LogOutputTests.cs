using System.IO.Pipes;
using Penstock.Observability;

namespace Penstock.Tests.Observability;

public sealed class LogOutputTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_wakes_the_writer_who_sleeps()
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        await using var end = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle);
        using var output = new LogOutput(end);
        using var reader = new StreamReader(pipe);

        for (var i = 0; i < 3; i++)
        {
            output.Write("a line\n"u8);
            Assert.Equal("a line", await reader.ReadLineAsync(Stop));
        }
    }

    [Fact]
    public void The_last_lines_are_written_at_the_end()
    {
        using var written = new MemoryStream();
        using (var output = new LogOutput(written))
        {
            output.Write("one\n"u8);
            output.Write("two\n"u8);
        }

        Assert.Equal("one\ntwo\n"u8, written.ToArray());
    }

    [Fact]
    public async Task A_reader_who_is_too_slow_loses_lines_and_is_told_how_many()
    {
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        await using var end = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle);
        using var output = new LogOutput(end);
        using var reader = new StreamReader(pipe);
        var line = new byte[1 << 20];
        line.AsSpan().Fill((byte)'x');
        line[^1] = (byte)'\n';

        // The pipe holds 64 KB, the output 4 MiB beside what it is writing.
        for (var i = 0; i < 12; i++)
        {
            output.Write(line);
        }

        var lines = 0;
        while (await reader.ReadLineAsync(Stop) is { } read && read[0] == 'x')
        {
            lines++;
        }

        Assert.InRange(lines, 4, 8);
    }
}
