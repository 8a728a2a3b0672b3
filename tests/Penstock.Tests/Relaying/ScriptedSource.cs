using Penstock.Primitives;

namespace Penstock.Tests.Relaying;

/// <summary>An engine's bytes in given pieces, then a given last step.</summary>
internal sealed class ScriptedSource(IEnumerable<byte[]> pieces, ReadStep last = ReadStep.End) : IByteSource
{
    private readonly Queue<byte[]> _pieces = new(pieces);

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public long WakeAt { get; set; } = long.MaxValue;

    public ReadStep TryRead()
    {
        if (!_pieces.TryDequeue(out var piece))
        {
            return last;
        }

        Payload = piece;
        return ReadStep.Data;
    }

    public ValueTask WaitAsync() => ValueTask.CompletedTask;
}
