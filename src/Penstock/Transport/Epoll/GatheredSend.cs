using System.Buffers;
using System.Runtime.CompilerServices;

namespace Penstock.Transport.Epoll;

/// <summary>Several pieces of memory in one system call.</summary>
internal static unsafe class GatheredSend
{
    /// <summary>Sixteen blocks are a megabyte: more than a socket takes at once.</summary>
    private const int MostPieces = 16;

    /// <returns>Bytes that the kernel took.</returns>
    public static int Try(int descriptor, in ReadOnlySequence<byte> bytes)
    {
        var pieces = stackalloc Libc.Piece[MostPieces];
        var pins = new Pins();
        var count = 0;
        try
        {
            foreach (var memory in bytes)
            {
                if (count == MostPieces)
                {
                    break;
                }

                pins[count] = memory.Pin();
                pieces[count] = new Libc.Piece { Bytes = pins[count].Pointer, Count = (nuint)memory.Length };
                count++;
            }

            var message = new Libc.MessageHeader { Pieces = pieces, PieceCount = (nuint)count };
            nint sent;
            do
            {
                sent = Libc.SendMessage(descriptor, &message, Libc.NoSignal);
            } while (sent == -Libc.Interrupted);
            return LoopSocket.Sent(sent);
        }
        finally
        {
            for (var i = 0; i < count; i++)
            {
                pins[i].Dispose();
            }
        }
    }

    [InlineArray(MostPieces)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
