using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>Bodies to read, and what became of them.</summary>
internal static class Bodies
{
    public const string Messages = """[{"role":"user","content":"hi"}]""";

    public const string Minimal = $$"""{"model":"m","messages":{{Messages}}}""";

    /// <summary>The minimal body with more members.</summary>
    public static string With(string members) => $$"""{"model":"m","messages":{{Messages}},{{members}}}""";

    public static EnvelopeRefusal? Refusal(string body) => EnvelopeReader.Read(Encoding.UTF8.GetBytes(body), out _);

    public static RequestEnvelope Accepted(string body)
    {
        Assert.Null(EnvelopeReader.Read(Encoding.UTF8.GetBytes(body), out var envelope));
        return envelope;
    }

    public static void Refused(string body, string code, string? param)
    {
        var refusal = Refusal(body);
        Assert.NotNull(refusal);
        Assert.Equal((code, param), (refusal.Code, refusal.Param));
    }

    /// <summary>What the engine gets under the contract's defaults.</summary>
    public static string Sent(string body, EnvelopeTerms? terms = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Null(EnvelopeReader.Read(bytes, out var envelope));
        var spliced = new SplicedBody(bytes);
        new EnvelopeRules(terms ?? OfTheContract).Apply(envelope, spliced);
        var sent = new byte[spliced.Length];
        spliced.CopyTo(sent);
        return Encoding.UTF8.GetString(sent);
    }

    public static EnvelopeTerms OfTheContract { get; } =
        new()
        {
            UpstreamModel = "org/model",
            MaxTokens = 512,
            Temperature = 1,
            TopP = 1,
        };

    /// <summary>Adds nothing but what metering needs.</summary>
    public static EnvelopeTerms OfTheEngine { get; } = new() { UpstreamModel = "m" };
}
