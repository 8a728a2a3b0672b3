using System.IO.Pipes;
using Penstock.Observability;

namespace Penstock.Tests.Observability;

public sealed class LogOutputTests : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In);
    private readonly AnonymousPipeClientStream _end;

    public LogOutputTests() => _end = new AnonymousPipeClientStream(PipeDirection.Out, _pipe.ClientSafePipeHandle);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_wakes_the_writer_who_sleeps()
    {
        using var output = new LogOutput(_end);
        using var reader = new StreamReader(_pipe);

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
        using var output = new LogOutput(_end);
        using var reader = new StreamReader(_pipe);
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

    public void Dispose()
    {
        _end.Dispose();
        _pipe.Dispose();
    }
}
