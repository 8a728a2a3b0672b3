using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>What a conversation is known by does not change as it goes on.</summary>
public sealed class PromptBlocksTests
{
    private static readonly string Long = new('x', 3_000);

    [Fact]
    public void A_conversation_that_goes_on_is_known_by_the_same_hashes()
    {
        var first = Read(System("be kind"), User("hello"));
        var later = Read(System("be kind"), User("hello"), Assistant("hi"), User("how are you?"));

        Assert.Equal(first, later);
    }

    [Fact]
    public void Two_questions_to_one_application_share_its_opening_only()
    {
        var one = Read(System("be kind"), User("hello"));
        var other = Read(System("be kind"), User("good evening"));

        Assert.Equal(one.Opening, other.Opening);
        Assert.NotEqual(one.Context, other.Context);
        Assert.NotEqual(one.Thread, other.Thread);
    }

    [Fact]
    public void Two_questions_about_one_long_document_share_its_beginning()
    {
        var document = Long + Long;
        var one = Read(System("be kind"), User(document + " who?"));
        var other = Read(System("be kind"), User(document + " why?"));

        Assert.Equal(one.Context, other.Context);
        Assert.NotEqual(one.Thread, other.Thread);
    }

    [Fact]
    public void Other_fields_have_no_part_in_it()
    {
        var plain = Read(User("hello"));
        var body = Encoding.UTF8.GetBytes($$"""{"seed":7,"messages":[{{User("hello")}}],"model":"other"}""");

        Assert.Null(EnvelopeReader.Read(body, out var envelope));
        Assert.Equal(plain, envelope.Prompt.Blocks(body));
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var body = Body(System(Long), User(Long + Long));

        Assert.Equal(
            0,
            Allocations.Of(() =>
            {
                EnvelopeReader.Read(body, out var envelope);
                envelope.Prompt.Blocks(body);
            })
        );
    }

    private static PromptBlocks Read(params string[] messages)
    {
        var body = Body(messages);
        Assert.Null(EnvelopeReader.Read(body, out var envelope));
        return envelope.Prompt.Blocks(body);
    }

    private static byte[] Body(params string[] messages) =>
        Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{{string.Join(',', messages)}}]}""");

    private static string System(string text) => Message("system", text);

    private static string User(string text) => Message("user", text);

    private static string Assistant(string text) => Message("assistant", text);

    private static string Message(string role, string text) => $$"""{"role":"{{role}}","content":"{{text}}"}""";
}
