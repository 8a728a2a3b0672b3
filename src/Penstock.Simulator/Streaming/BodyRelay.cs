using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>Stands between what an engine wrote and what goes over the wire, and changes where its bytes fall.</summary>
internal abstract class BodyRelay(bool isChunked)
{
    /// <summary>Passes on what was written since the last time, framed.</summary>
    public abstract void Relay(ReadOnlySpan<byte> written, ByteBuffer output);

    /// <summary>What comes behind the last of it, before the framing's end.</summary>
    public virtual void End(ByteBuffer output) { }

    protected void Frame(ReadOnlySpan<byte> bytes, ByteBuffer output)
    {
        // An empty chunk would be the body's end.
        if (isChunked && !bytes.IsEmpty)
        {
            output.AddHex(bytes.Length).Add("\r\n"u8).Add(bytes).Add("\r\n"u8);
        }
        else
        {
            output.Add(bytes);
        }
    }
}
