using System.Text;

namespace Penstock.Transport.Plain;

/// <summary>
/// The one route whose plain requests are read by the gateway itself, and who answers them. Everything else is the
/// framework's.
/// </summary>
internal sealed class PlainRoute
{
    private Func<HttpContext, ValueTask>? _answer;

    /// <summary>Nobody has been named to answer: the framework reads everything.</summary>
    public bool IsSet => _answer is not null;

    public string Path { get; private set; } = "";

    /// <summary>What a plain request begins with.</summary>
    public byte[] RequestLine { get; private set; } = [];

    /// <summary>Longer bodies are the framework's to refuse, bytes.</summary>
    public long LongestBody { get; private set; }

    /// <param name="answer">Throws nothing.</param>
    public void Set(string path, long longestBody, Func<HttpContext, ValueTask> answer)
    {
        (Path, LongestBody, _answer) = (path, longestBody, answer);
        RequestLine = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\n");
    }

    public ValueTask AnswerAsync(HttpContext context) => _answer!(context);
}
