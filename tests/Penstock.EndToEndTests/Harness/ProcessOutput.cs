using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The lines a process has written so far, both streams in order of arrival. Thread-safe.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock _gate = new();
    private readonly List<(string Stream, string Line)> _lines = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    public void Add(string stream, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _lines.Add((stream, line));
        }
    }

    public IReadOnlyList<string> Lines(string? stream = null, int from = 0)
    {
        lock (_gate)
        {
            return [.. _lines.Skip(from).Where(l => stream is null || l.Stream == stream).Select(l => l.Line)];
        }
    }

    public string Text(string? stream = null) => string.Concat(Lines(stream).Select(line => line + "\n"));

    /// <summary>The first line that fits, when it has come.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits, string what, int from = 0)
    {
        string? found = null;
        await Until.TrueAsync(
            () => (found = Lines(from: from).FirstOrDefault(fits)) is not null,
            $"a line of output: {what}",
            ToString
        );
        return found!;
    }

    public string Tail(int lines)
    {
        lock (_gate)
        {
            var text = new StringBuilder();
            foreach (var (stream, line) in _lines.TakeLast(lines))
            {
                text.Append(stream).Append("| ").AppendLine(line);
            }

            return text.ToString();
        }
    }

    public override string ToString() => Tail(200);
}
