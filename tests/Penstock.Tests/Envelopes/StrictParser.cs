using System.Text.Json;
using System.Text.Unicode;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>The framework's strict JSON parser as the judge of ours.</summary>
internal static class StrictParser
{
    /// <summary>RFC 8259 in valid UTF-8, no byte order mark, nested no deeper than the gateway takes.</summary>
    public static bool Accepts(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 200 });
            while (reader.Read()) { }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// Invalid JSON is refused as that, and nothing else is; what is accepted means what the judge reads.
    /// </summary>
    public static void AgreesOn(byte[] body)
    {
        var refusal = EnvelopeReader.Read(body, out var envelope);
        if (Accepts(body) == (refusal?.Code == RefusalCode.InvalidJson))
        {
            Assert.Fail($"Of one mind on this: {System.Text.Encoding.UTF8.GetString(body)} ({refusal})");
        }

        if (refusal is null)
        {
            Beliefs.Check(body, envelope);
        }
    }
}
