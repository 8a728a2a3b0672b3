using System.Text;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>What the gateway adds where the caller was silent, and what a deployment says about it.</summary>
public sealed class DefaultsTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public DefaultsTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Fact]
    public async Task The_promised_defaults_are_added_and_nothing_else() =>
        await AssertAdded(
            RecordedGateway.Model,
            "",
            new JsonObject
            {
                ["max_tokens"] = 512,
                ["temperature"] = 1,
                ["top_p"] = 1,
            }
        );

    [Fact]
    public async Task A_deployment_may_have_defaults_of_its_own()
    {
        var own = new JsonObject
        {
            ["max_tokens"] = 64,
            ["temperature"] = 0,
            ["top_p"] = 0.5,
        };
        var model = await _fixture.DeployAsync(_fixture.Engine.Url, d => d["defaults"] = own.DeepClone());

        await AssertAdded(model, "", own);
    }

    [Fact]
    public async Task A_deployment_may_leave_the_defaults_to_the_engine()
    {
        var model = await _fixture.DeployAsync(_fixture.Engine.Url, d => d["defaults"] = "engine");

        await AssertAdded(model, "", []);
    }

    [Fact]
    public async Task What_the_caller_says_is_never_overruled() => await AssertAdded("m", ChatBody.Defaults, []);

    [Fact]
    public async Task A_body_of_one_member_less_gets_just_that_member() =>
        await AssertAdded("m", ""","temperature":0,"max_completion_tokens":3""", new JsonObject { ["top_p"] = 1 });

    [Fact]
    public async Task A_stream_is_asked_for_its_usage()
    {
        var body = ChatBody.Stream(more: ChatBody.Defaults);

        (await _fixture.Client.ChatAsync(body)).Expect(200);

        AssertReceived(
            body,
            "m",
            new JsonObject
            {
                ["stream_options"] = new JsonObject { ["include_usage"] = true, ["continuous_usage_stats"] = true },
            }
        );
    }

    [Theory]
    [InlineData("""{"include_usage":false}""")]
    [InlineData("""{"include_usage":null}""")]
    [InlineData("""{"continuous_usage_stats":false}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Stream_options_that_do_not_ask_for_usage_are_made_to_ask(string options)
    {
        (await _fixture.Client.ChatAsync(ChatBody.Stream(more: $",\"stream_options\":{options}"))).Expect(200);

        var received = Assert.Single(_fixture.Engine.Requests);
        Splices.AssertNoDuplicates(received.Body);
        var asked = received.Json["stream_options"]!.AsObject();
        Assert.True(asked["include_usage"]!.GetValue<bool>());
        // The chunks tell what a stream has used even if its caller leaves; the caller's own chunks stay without.
        Assert.True(asked["continuous_usage_stats"]!.GetValue<bool>());
    }

    private async Task AssertAdded(string model, string more, JsonObject added)
    {
        var body = ChatBody.Minimal(model, more);
        (await _fixture.Client.ChatAsync(body)).Expect(200);
        AssertReceived(body, model, added);
    }

    private void AssertReceived(string body, string model, JsonObject added)
    {
        var expected = Splices.WithUpstreamModel(Encoding.UTF8.GetBytes(body), model, RecordedGateway.UpstreamModel);
        Splices.AssertInserted(expected, Assert.Single(_fixture.Engine.Requests).Body, added);
    }
}
