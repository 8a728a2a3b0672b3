namespace Penstock.EndToEndTests.Harness;

/// <summary>Request bodies that many tests share. <c>more</c> is spliced in as written and begins with a comma.</summary>
internal static class ChatBody
{
    /// <summary>What the gateway adds where the caller was silent.</summary>
    public const string Defaults = ""","max_tokens":16,"temperature":0.5,"top_p":0.9""";

    public static string Minimal(string model = RecordedGateway.Model, string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]{{more}}}""";

    /// <summary>Every default spelt out, so that the model's name is the only splice left.</summary>
    public static string Explicit(string model = RecordedGateway.Model, string more = "") =>
        Minimal(model, Defaults + more);

    public static string Stream(string model = RecordedGateway.Model, string more = "") =>
        Minimal(model, ",\"stream\":true" + more);

    public static string StreamWithUsage(string model = RecordedGateway.Model, string more = "") =>
        Stream(model, ""","stream_options":{"include_usage":true}""" + more);

    public static string Saying(string text, string model, bool stream = false) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}],"stream":{{(stream ? "true" : "false")}}}""";
}
