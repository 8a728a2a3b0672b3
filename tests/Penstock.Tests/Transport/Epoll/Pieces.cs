using System.Buffers;

namespace Penstock.Tests.Transport.Epoll;

/// <summary>Arrays as one sequence.</summary>
internal sealed class Pieces : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(params byte[][] arrays)
    {
        var first = new Pieces { Memory = arrays[0] };
        var last = first;
        foreach (var array in arrays.Skip(1))
        {
            var next = new Pieces { Memory = array, RunningIndex = last.RunningIndex + last.Memory.Length };
            last.Next = next;
            last = next;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
