using System.Globalization;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Limits;

/// <summary>What one key sees of its limit.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Workspace("acme", "pro")
                .Key("fresh", "acme")
                .Key("invalid", "acme")
                .Key("narrow", "acme", key => key["requests_per_minute"] = 30)
                .Key("free", "acme", key => key["requests_per_minute"] = 30)
                .Key("patient", "acme", key => key["requests_per_minute"] = 60)
                .Deployment("acme", "m", "org/model", _engine.Url)
        );

    [Fact]
    public async Task The_second_request_of_a_fresh_key_of_500_shows_498()
    {
        var first = (await _gateway.As("fresh").ChatAsync(ChatBody.Minimal())).Expect(200);
        var second = (await _gateway.As("fresh").ChatAsync(ChatBody.Minimal())).Expect(200);

        Assert.Equal(("500", "499"), (first.Header("X-RateLimit-Limit"), first.Header("X-RateLimit-Remaining")));
        Assert.Equal(("500", "498"), (second.Header("X-RateLimit-Limit"), second.Header("X-RateLimit-Remaining")));
        Assert.Equal("pro", second.Header("X-RateLimit-Tier"));
    }

    [Fact]
    public async Task Every_answer_to_an_authenticated_call_counts_the_invalid_too()
    {
        var client = _gateway.As("invalid");
        var body = "{}"u8.ToArray();
        Answer[] answers =
        [
            (await client.ChatAsync("{}")).Expect(400),
            (await client.ChatAsync(ChatBody.Minimal("unknown"))).Expect(404),
            (await client.SendAsync(HttpMethod.Get, GatewayClient.ChatPath, null)).Expect(405),
            (
                await client.SendAsync(HttpMethod.Post, GatewayClient.ChatPath, body, ("Content-Type", "text/plain"))
            ).Expect(415),
        ];

        Assert.Equal(["499", "498", "497", "496"], answers.Select(answer => answer.Header("X-RateLimit-Remaining")));
    }

    [Fact]
    public async Task A_key_over_its_limit_gets_429_and_is_told_when_to_return()
    {
        // Thirty a minute: a burst of three, then one every two seconds.
        var client = _gateway.As("narrow");
        for (var i = 0; i < 3; i++)
        {
            (await client.ChatAsync(ChatBody.Minimal())).Expect(200);
        }

        var refused = await client.ChatAsync(ChatBody.Minimal());

        refused.ExpectError(429, "rate_limit_error", "rate_limit_exceeded");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 2);
        Assert.Equal("30", refused.Header("X-RateLimit-Limit"));
        Assert.Equal("0", refused.Header("X-RateLimit-Remaining"));
        Assert.Equal("pro", refused.Header("X-RateLimit-Tier"));
        Assert.NotNull(refused.Header("X-RateLimit-Reset"));
        Assert.NotEqual("false", refused.Header("x-should-retry"));
    }

    [Fact]
    public async Task Listing_models_costs_nothing_and_is_never_refused()
    {
        var client = _gateway.As("free");
        for (var i = 0; i < 20; i++)
        {
            var listed = (await client.GetAsync("/v1/models")).Expect(200);
            Assert.Equal("30", listed.Header("X-RateLimit-Remaining"));
        }

        Answer last;
        do
        {
            last = await client.ChatAsync(ChatBody.Minimal());
        } while (last.Status == 200);

        last.Expect(429);
        (await client.GetAsync("/v1/models")).Expect(200);
    }

    [Fact]
    public async Task What_is_refused_costs_nothing_and_the_next_passes_when_it_was_promised()
    {
        var client = _gateway.As("patient");
        Answer refused;
        do
        {
            refused = await client.ChatAsync(ChatBody.Minimal());
        } while (refused.Status == 200);

        // Hammering on while waiting: were refusals to cost anything, nothing would ever pass again.
        var wait = TimeSpan.FromSeconds(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture));
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < wait)
        {
            refused = await client.ChatAsync(ChatBody.Minimal());
            if (refused.Status == 200)
            {
                return;
            }
        }

        (await client.ChatAsync(ChatBody.Minimal())).Expect(200);
    }

    [Fact]
    public async Task A_changed_limit_holds_from_the_next_request_on()
    {
        var body = new JsonObject { ["workspace"] = "acme", ["name"] = "changing" };
        var key = await _gateway.Admin.CreateAsync("keys", body);
        var client = _gateway.WithSecret(key["secret"]!.GetValue<string>());
        Assert.Equal("500", (await client.ChatAsync(ChatBody.Minimal())).Header("X-RateLimit-Limit"));

        var change = new JsonObject { ["requests_per_minute"] = 777 };
        (await _gateway.Admin.SendAsync(HttpMethod.Patch, $"keys/{key["id"]!.GetValue<string>()}", change)).Expect(200);

        Assert.Equal("777", (await client.ChatAsync(ChatBody.Minimal())).Header("X-RateLimit-Limit"));
    }

    [Theory]
    [InlineData("pro", 1001)]
    [InlineData("team", 10_001)]
    [InlineData("enterprise", 100_001)]
    [InlineData("starter", null)]
    public async Task A_plan_has_a_ceiling(string plan, int? asked)
    {
        await _gateway.Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "of-" + plan, ["plan"] = plan });
        var body = new JsonObject { ["workspace"] = "of-" + plan, ["name"] = "greedy" };
        if (asked is not null)
        {
            body["requests_per_minute"] = asked;
        }

        (await _gateway.Admin.SendAsync(HttpMethod.Post, "keys", body)).ExpectError(
            403,
            "permission_error",
            "plan_limit_exceeded"
        );
    }

    [Theory]
    [InlineData("pro", 500)]
    [InlineData("team", 5_000)]
    [InlineData("enterprise", 50_000)]
    public async Task A_plan_has_a_default(string plan, int limit)
    {
        await _gateway.Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "has-" + plan, ["plan"] = plan });
        var body = new JsonObject { ["workspace"] = "has-" + plan, ["name"] = "modest" };
        var key = await _gateway.Admin.CreateAsync("keys", body);

        var answer = await _gateway.WithSecret(key["secret"]!.GetValue<string>()).GetAsync("/v1/models");

        Assert.Equal($"{limit}", answer.Expect(200).Header("X-RateLimit-Limit"));
        Assert.Equal(plan, answer.Header("X-RateLimit-Tier"));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
