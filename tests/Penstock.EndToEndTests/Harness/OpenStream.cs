using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>An answer being read while it arrives; disposing it early is the caller hanging up.</summary>
internal sealed class OpenStream(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly byte[] _block = new byte[16 * 1024];

    /// <summary>A read may end within a character: what is left over belongs to the next one.</summary>
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public int Status => (int)response.StatusCode;

    public string Text => _text.ToString();

    public string? Header(string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <summary>Reads until the text so far fits; false when the stream ended before.</summary>
    public async Task<bool> ReadUntilAsync(Func<string, bool> fits)
    {
        while (!fits(Text))
        {
            var read = await body.ReadAsync(_block).AsTask().Soon("more of the stream");
            if (read == 0)
            {
                return false;
            }

            _text.Append(Decode(read));
        }

        return true;
    }

    public async Task<string> ReadToEndAsync()
    {
        await ReadUntilAsync(_ => false);
        return Text;
    }

    /// <summary>Reads a long rest without keeping it: how much it was, and its last few hundred characters.</summary>
    public async Task<(long Length, string End)> SkimToEndAsync()
    {
        var length = 0L;
        var end = "";
        while (await body.ReadAsync(_block).AsTask().Soon("more of the stream") is var read and > 0)
        {
            length += read;
            end += Decode(read);
            end = end[^Math.Min(end.Length, 1000)..];
        }

        return (length, end);
    }

    public void Dispose() => response.Dispose();

    private string Decode(int length)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(length)];
        return new string(characters, 0, _decoder.GetChars(_block, 0, length, characters, 0));
    }
}
