using System.Text;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>
/// A stream as a job's worker passes it on: in pieces that are whatever one read of its socket brought, decoded one by
/// one. A character that was cut is lost; a piece whose posting failed is lost or comes twice.
/// </summary>
/// <param name="size">Bytes a read brings at most; zero all that was written at once.</param>
/// <param name="directives">Which piece is lost or comes twice.</param>
/// <param name="isChunked">Whether the body is.</param>
internal sealed class JobPieces(int size, Directives directives, bool isChunked) : BodyRelay(isChunked)
{
    private int _count;

    public override void Relay(ReadOnlySpan<byte> written, ByteBuffer output)
    {
        while (!written.IsEmpty)
        {
            var length = size > 0 ? Math.Min(size, written.Length) : written.Length;
            _count++;
            // The replacement character stands for whatever does not decode.
            var piece = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(written[..length]));
            var times =
                directives.DropPiece == _count ? 0
                : directives.RepeatPiece == _count ? 2
                : 1;
            for (var i = 0; i < times; i++)
            {
                Frame(piece, output);
            }

            written = written[length..];
        }
    }
}
