using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

[Properties(Arbitrary = [typeof(BodyGenerators)], MaxTest = 1000)]
public sealed class EnvelopeProperties
{
    private static readonly EnvelopeTerms Terms = Bodies.OfTheContract;

    [Property]
    public void Any_bytes_are_judged_as_the_strict_parser_judges_them(AnyBody body) =>
        StrictParser.AgreesOn(body.Bytes);

    [Property]
    public void A_body_of_any_value_in_an_unknown_field_is_judged_so_too(AnyBody body) =>
        StrictParser.AgreesOn(Encoding.UTF8.GetBytes(Bodies.With($"\"x\":{body.Text}")));

    [Property]
    public void What_is_believed_is_what_a_parser_of_whole_documents_reads(GoodBody body) =>
        StrictParser.AgreesOn(body.Bytes);

    [Property]
    public void Only_the_splices_differ_and_they_say_what_the_contract_says(GoodBody body)
    {
        if (EnvelopeReader.Read(body.Bytes, out var envelope) is not null)
        {
            return;
        }

        var spliced = new SplicedBody(body.Bytes);
        new EnvelopeRules(Terms).Apply(envelope, spliced);
        var sent = new byte[spliced.Length];
        spliced.CopyTo(sent);
        Assert.Equal(body.Bytes, Undone(spliced, sent));
        Assert.Equal(Expected(body.Bytes), Members(sent));
    }

    private static byte[] Undone(SplicedBody spliced, ReadOnlySpan<byte> sent)
    {
        var original = new List<byte>();
        int read = 0,
            kept = 0;
        for (var i = 0; i < spliced.SpliceCount; i++)
        {
            var splice = spliced[i];
            var untouched = splice.Start - kept;
            original.AddRange(sent.Slice(read, untouched));
            original.AddRange(spliced.Body.Span.Slice(splice.Start, splice.Removed));
            Assert.True(splice.Added.Span.SequenceEqual(sent.Slice(read + untouched, splice.Added.Length)));
            read += untouched + splice.Added.Length;
            kept = splice.Start + splice.Removed;
        }

        original.AddRange(sent[read..]);
        return [.. original];
    }

    // The contract in other words: over the members of a parsed document.
    private static List<Member> Expected(byte[] body)
    {
        var members = Members(body);
        Set("model", JsonSerializer.Serialize(Terms.UpstreamModel));
        if (Of("max_completion_tokens") is { } newer and not "null")
        {
            if (Of("max_tokens") is not (null or "null"))
            {
                Set("max_tokens", newer);
            }
        }
        else
        {
            Default("max_tokens", "512");
        }

        Default("temperature", "1");
        Default("top_p", "1");
        if (Of("stream") == "true")
        {
            Default("stream_options", "{}");
            Set("stream_options/include_usage", "true");
        }

        return members;

        string? Of(string name) => members.Find(member => member.Name == name)?.Value;

        void Default(string name, string value)
        {
            if (Of(name) is null or "null")
            {
                Set(name, value);
            }
        }

        void Set(string name, string value)
        {
            var at = members.FindIndex(member => member.Name == name);
            if (at >= 0)
            {
                members[at] = new Member(name, value);
                return;
            }

            // A new member stands last in its object.
            var parent = name.Contains('/')
                ? members.FindLastIndex(static m => m.Name.StartsWith("stream_o", StringComparison.Ordinal)) + 1
                : 0;
            members.Insert(parent > 0 ? parent : members.Count, new Member(name, value));
        }
    }

    private static List<Member> Members(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 });
        var members = new List<Member>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Name != "stream_options" || member.Value.ValueKind != JsonValueKind.Object)
            {
                members.Add(new Member(member.Name, member.Value.GetRawText()));
                continue;
            }

            members.Add(new Member(member.Name, "{}"));
            foreach (var option in member.Value.EnumerateObject())
            {
                members.Add(new Member("stream_options/" + option.Name, option.Value.GetRawText()));
            }
        }

        return members;
    }

    private sealed record Member(string Name, string Value);
}
