using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>An answer being read while it arrives; disposing it early is the caller hanging up.</summary>
internal sealed class OpenStream(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly byte[] _block = new byte[16 * 1024];

    public int Status => (int)response.StatusCode;

    public string Text => _text.ToString();

    public string? Header(string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
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

            _text.Append(Encoding.UTF8.GetString(_block, 0, read));
        }

        return true;
    }

    public async Task<string> ReadToEndAsync()
    {
        await ReadUntilAsync(_ => false);
        return Text;
    }

    public void Dispose() => response.Dispose();
}
