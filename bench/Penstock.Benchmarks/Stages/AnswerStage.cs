using System.IO.Pipelines;
using Penstock.Benchmarks.Gateways;
using Penstock.Forwarding;
using Penstock.Relaying;

namespace Penstock.Benchmarks.Stages;

/// <summary>Steps 6 and 7: what an engine sends is parsed, unframed, and looked at.</summary>
internal sealed class AnswerStage : IDisposable
{
    private readonly byte[] _head;
    private readonly byte[] _framed;
    private readonly StreamTally _tally = new(choices: 1, hideUsage: true);

    public void Dispose() => _tally.Dispose();

    public AnswerStage()
    {
        _head = EngineAnswers.StreamHead[..^2];
        _framed = [.. EngineAnswers.Chunk];
    }

    public void ParseHead()
    {
        if (!ResponseHeadParser.TryParse(_head, out _))
        {
            throw new InvalidDataException("The head was refused.");
        }
    }

    /// <summary>The decoder writes over what it decodes: the copy is part of the figure.</summary>
    public void Dechunk()
    {
        EngineAnswers.Chunk.CopyTo(_framed, 0);
        new ChunkedDecoder().TryDecode(_framed, out _, out _);
    }

    public void ScanEvents()
    {
        var bytes = EngineAnswers.Event.AsSpan();
        var length = SseScanner.FindEnd(bytes, 0, out _);
        var data = SseScanner.FindData(bytes[..length], 0, out _);
        _tally.Judge(bytes[data]);
    }
}
