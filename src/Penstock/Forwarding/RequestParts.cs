using System.Buffers;
using Penstock.Envelopes;

namespace Penstock.Forwarding;

/// <summary>A request's head, the caller's bytes and the changes between them as one sequence: nothing is copied.</summary>
internal static class RequestParts
{
    public static ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> head, SplicedBody body)
    {
        var first = new Part(head, null);
        var last = first;
        foreach (var memory in body)
        {
            last = new Part(memory, last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }
}
