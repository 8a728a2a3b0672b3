using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Compares what the engine received with what the caller sent, allowing the contract's splices and nothing else.</summary>
internal static class Splices
{
    /// <summary>The caller's bytes with the one value of <c>model</c> replaced.</summary>
    public static byte[] WithUpstreamModel(byte[] sent, string model, string upstreamModel)
    {
        var from = Encoding.UTF8.GetBytes($"\"{model}\"");
        var at = sent.AsSpan().IndexOf(from);
        Assert.True(at >= 0, "The test's own body does not name the model.");
        return [.. sent[..at], .. Encoding.UTF8.GetBytes($"\"{upstreamModel}\""), .. sent[(at + from.Length)..]];
    }

    /// <summary>
    /// The engine's bytes are the expected ones plus the named members, inserted in one place: whatever the place,
    /// taking them out gives back the expected bytes.
    /// </summary>
    public static void AssertInserted(byte[] expected, byte[] received, JsonObject added)
    {
        if (added.Count == 0)
        {
            AssertSame(expected, received);
            return;
        }

        var before = expected.AsSpan().CommonPrefixLength(received);
        var after = 0;
        while (after < expected.Length - before && expected[^(after + 1)] == received[^(after + 1)])
        {
            after++;
        }

        Assert.True(
            before + after == expected.Length,
            $"More than an insertion was made.\nexpected {Show(expected)}\nreceived {Show(received)}"
        );
        AssertMembers(expected, received, added);
    }

    public static void AssertSame(byte[] expected, byte[] received)
    {
        if (!expected.AsSpan().SequenceEqual(received))
        {
            var at = expected.AsSpan().CommonPrefixLength(received);
            Assert.Fail(
                $"Bytes differ from offset {at}; {expected.Length} expected, {received.Length} received.\n"
                    + $"expected …{Show(expected[Math.Max(0, at - 40)..])}\nreceived …{Show(received[Math.Max(0, at - 40)..])}"
            );
        }
    }

    /// <summary>No name stands twice in the root object: two readers would disagree on it.</summary>
    public static void AssertNoDuplicates(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var names = document.RootElement.EnumerateObject().Select(member => member.Name).ToList();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    private static void AssertMembers(byte[] expected, byte[] received, JsonObject added)
    {
        AssertNoDuplicates(received);
        using var was = JsonDocument.Parse(expected);
        using var @is = JsonDocument.Parse(received);
        var known = was.RootElement.EnumerateObject().Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var found = new JsonObject();
        foreach (var member in @is.RootElement.EnumerateObject().Where(m => !known.Contains(m.Name)))
        {
            found[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        Assert.True(
            JsonNode.DeepEquals(added, found),
            $"Expected to be added: {added.ToJsonString()}\nwas added: {found.ToJsonString()}"
        );
    }

    private static string Show(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Length > 600 ? text[..600] + "…" : text;
    }
}
