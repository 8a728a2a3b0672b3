using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>A key of one workspace cannot see, call, or tell the existence of another's models.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    // Of equal length, so that nothing but the name itself may differ.
    private const string TheirModel = "their-model";
    private const string NoModel = "there-is-no";

    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("a")
                .Tenant("b")
                .Key("scoped", "a", key => key["models"] = new JsonArray("ours", TheirModel))
                .Deployment("a", "ours", "org/model", _engine.Url)
                .Deployment("b", TheirModel, "org/model", _engine.Url)
                .Deployment("a", "same-name", "org/of-a", _engine.Url)
                .Deployment("b", "same-name", "org/of-b", _engine.Url)
        );

    [Theory]
    [InlineData("a")]
    [InlineData("scoped")]
    public async Task Calling_anothers_model_is_the_same_as_calling_none(string key)
    {
        foreach (var more in (string[])["", ",\"stream\":true", ",\"n\":0", ",\"temperature\":\"x\""])
        {
            var theirs = await _gateway.As(key).ChatAsync(ChatBody.Minimal(TheirModel, more));
            var none = await _gateway.As(key).ChatAsync(ChatBody.Minimal(NoModel, more));

            if (key == "a")
            {
                AssertSame(theirs, none);
            }

            Assert.True(theirs.Status is 400 or 404, theirs.ToString());
        }

        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task Asking_for_anothers_model_is_the_same_as_asking_for_none()
    {
        var theirs = await _gateway.As("a").GetAsync("/v1/models/" + TheirModel);
        var none = await _gateway.As("a").GetAsync("/v1/models/" + NoModel);

        theirs.ExpectError(404, "not_found_error", "model_not_found");
        AssertSame(theirs, none);
    }

    [Fact]
    public async Task The_list_does_not_show_it() =>
        Assert.DoesNotContain(
            TheirModel,
            (await _gateway.As("a").GetAsync("/v1/models")).Text,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task The_same_name_in_two_workspaces_is_two_models()
    {
        (await _gateway.As("a").ChatAsync(ChatBody.Minimal("same-name"))).Expect(200);
        (await _gateway.As("b").ChatAsync(ChatBody.Minimal("same-name"))).Expect(200);

        Assert.Equal(
            ["org/of-a", "org/of-b"],
            _engine.Requests.Select(request => request.Json["model"]!.GetValue<string>())
        );
    }

    private static void AssertSame(Answer theirs, Answer none)
    {
        Assert.Equal(none.Status, theirs.Status);
        Assert.Equal(Anonymous(none, NoModel), Anonymous(theirs, TheirModel));
        Assert.Equal(HeaderNames(none), HeaderNames(theirs));
    }

    private static string Anonymous(Answer answer, string model) =>
        answer
            .Text.Replace(model, "MODEL", StringComparison.Ordinal)
            .Replace(answer.Header("X-Request-Id")!, "ID", StringComparison.Ordinal);

    private static IEnumerable<string> HeaderNames(Answer answer) =>
        answer
            .Headers.Select(header => header.Key)
            .Concat(answer.ContentHeaders.Select(header => header.Key))
            .Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
