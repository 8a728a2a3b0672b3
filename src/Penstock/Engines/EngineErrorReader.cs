using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Penstock.Engines;

/// <summary>
/// Reads an engine's error in every dialect met: a JSON body (see <see cref="ErrorDocument"/>), plain text, or an HTML
/// page from a proxy in between.
/// </summary>
internal static class EngineErrorReader
{
    /// <summary>An error that says nothing of whose fault it is, in an answer that had begun well.</summary>
    private const int Unsaid = 500;

    /// <summary>From an HTTP answer with an error status.</summary>
    /// <returns>Its <see cref="EngineError.Status"/> is what the engine means, which need not be what it sent.</returns>
    public static EngineError Read(Engine engine, int status, ReadOnlySpan<byte> body)
    {
        var said = Parse(status, body);
        var meant =
            said is { IsOfJob: true, Status: { } buried } ? buried
            : engine.OwnFault?.Invoke(status, said) == true ? Unsaid
            : status;
        return Clean(said, meant);
    }

    /// <summary>From an error event in the middle of a stream.</summary>
    public static EngineError ReadEvent(ReadOnlySpan<byte> data)
    {
        var said = Parse(Unsaid, data);
        // TGI's "failed dependency" is its own model process.
        return Clean(said, said.Status is { } status and not 424 ? status : Unsaid);
    }

    /// <summary>From a success that is none: some hosts tell a failure with the status 200.</summary>
    /// <returns>Null for an answer.</returns>
    public static EngineError? ReadInSuccess(ReadOnlySpan<byte> body)
    {
        // Whatever has choices is an answer, and says so within its first bytes on every engine.
        if (body.IndexOf("\"choices\""u8) >= 0)
        {
            return null;
        }

        var said = ErrorDocument.Read(body);
        return said is null ? null : Clean(said, said.Status ?? Unsaid);
    }

    private static EngineError Clean(EngineError said, int status) =>
        said with
        {
            Message = EngineMessage.Clean(said.Message, status),
            Status = status,
        };

    private static EngineError Parse(int status, ReadOnlySpan<byte> body)
    {
        var text = body.Trim(" \t\r\n"u8);
        return ErrorDocument.Read(text) ?? new EngineError(PlainText(status, text), null, null, null);
    }

    private static string PlainText(int status, ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.SequenceEqual("null"u8) || IsPage(text)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The engine answered {status} ({(HttpStatusCode)status}) without saying why."
            )
            : Encoding.UTF8.GetString(text[..Math.Min(text.Length, EngineMessage.Longest)]);

    // A sentence may begin with a token in angle brackets, but does not end with a tag.
    private static bool IsPage(ReadOnlySpan<byte> text) => text[0] == '<' && text[^1] == '>';
}
