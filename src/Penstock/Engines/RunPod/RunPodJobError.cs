using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Penstock.Engines.RunPod;

/// <summary>
/// The error of a failed job. The worker flattens its engine's status and body into one sentence, the SDK prints the
/// object around it as Python does, and the host puts that into a JSON string: this goes the way back.
/// </summary>
internal static partial class RunPodJobError
{
    /// <summary>The <c>type</c> that the worker gives to every error of its engine.</summary>
    public const string Type = "worker_error";

    /// <summary>From the text of a job's <c>error</c>.</summary>
    /// <returns>Null when it is a plain sentence.</returns>
    public static EngineError? Read(string text, int wrappings)
    {
        var printed = text.AsSpan().Trim();
        if (printed.IsEmpty || printed[0] != '{')
        {
            return text.Contains(Type, StringComparison.Ordinal) ? Unfold(text, wrappings) : null;
        }

        var error =
            ErrorDocument.Read(Encoding.UTF8.GetBytes(printed.ToString()), wrappings)
            ?? ErrorDocument.Read(Encoding.UTF8.GetBytes(PythonLiteral.ToJson(printed)), wrappings);
        // Cut off in the middle, it is no object any more, but the three digits may still be there.
        return error ?? (StatusIn(text) is not null ? Unfold(text, wrappings) : null);
    }

    /// <summary>From the worker's sentence: <c>... returned HTTP 400: {the engine's body}</c>.</summary>
    public static EngineError Unfold(string sentence, int wrappings)
    {
        var error = new EngineError(sentence, null, null, StatusIn(sentence)) { IsOfJob = true };
        var body = sentence.IndexOf('{', StringComparison.Ordinal);
        if (error.Status is null || body < 0)
        {
            return error;
        }

        var printed = sentence[body..];
        var said =
            ErrorDocument.Read(Encoding.UTF8.GetBytes(printed), wrappings)
            ?? ErrorDocument.Read(Encoding.UTF8.GetBytes(PythonLiteral.ToJson(printed)), wrappings);
        return said is null ? error : said with { Status = error.Status, IsOfJob = true };
    }

    private static int? StatusIn(string text) =>
        Digits().Match(text) is { Success: true } match
            ? int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(
        @"returned HTTP (?<status>[45]\d\d)\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Digits();
}
