using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Tests.Forwarding;
using static Penstock.Tests.Inference.EngineSpeech;

namespace Penstock.Tests.Inference;

/// <summary>An engine dies in the middle of a stream: another goes on, or the caller is told.</summary>
public sealed class StreamRescueTests
{
    private const string Ask = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    private const string Cut =
        """data: {"error":{"message":"The engine ended the stream before the answer was complete.","type":"upstream_error","param":null,"code":"engine_error"}}"""
        + "\n\n";

    [Fact]
    public async Task Another_replica_goes_on_and_the_caller_sees_one_stream()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        await DieAsync(fleet, Role("a"), Text("a", "Hello"), Text("a", " wo"), Text("a", "lost")[..25]);
        using var connection = (await fleet.AcceptAsync()).Connection;
        var body = Body(await connection.ReadRequestAsync());
        Assert.Equal(
            """[{"role":"user","content":"hi"},{"role":"assistant","content":"Hello wo"}]""",
            body["messages"]
        );
        Assert.Equal(
            ("true", "false", "510"),
            (body["continue_final_message"], body["add_generation_prompt"], body["max_tokens"])
        );
        await connection.SendAsync(Stream(Role("b"), Text("b", "rld"), Finish("b"), Usage("b", 9, 2), Done));
        using var answer = await asked;
        Assert.Equal(
            Role("a") + Text("a", "Hello") + Text("a", " wo") + Text("a", "rld") + Finish("a") + Done,
            await TextOf(answer)
        );
        await EndsAsync(gateway, "completed 200");
        Assert.All(gateway.Router.Table.Routes[0].Replicas, replica => Assert.Equal(0, replica.InFlight));
    }

    [Theory]
    [InlineData("""{"error":{"message":"EngineCore died","type":"InternalServerError","param":null,"code":500}}""")]
    [InlineData("""{"object":"error","message":"preempted","type":"SERVICE_UNAVAILABLE","code":503}""")]
    public async Task An_error_event_in_mid_stream_is_mended_elsewhere(string error)
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        using var failing = (await fleet.AcceptAsync()).Connection;
        await failing.ReadRequestAsync();
        await failing.SendAsync(Stream(Role("a"), Text("a", "x"), $"data: {error}\n\n", Done));
        using var connection = (await fleet.AcceptAsync()).Connection;
        await connection.ReadRequestAsync();
        await connection.SendAsync(Stream(Text("b", "y"), Finish("b"), Done));
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y") + Finish("a") + Done, await TextOf(await asked));
    }

    [Fact]
    public async Task What_the_engine_says_of_the_request_itself_is_told()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        using var failing = (await fleet.AcceptAsync()).Connection;
        await failing.ReadRequestAsync();
        var error = """data: {"error":{"message":"too long","type":"BadRequestError","param":null,"code":400}}""";
        await failing.SendAsync(Stream(Role("a"), Text("a", "x"), error + "\n\n", Done));
        var text = await TextOf(await asked);
        Assert.Contains("too long", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Done, text, StringComparison.Ordinal);
        await EndsAsync(gateway, "stream_failed 200");
    }

    [Fact]
    public async Task A_stream_that_has_shown_only_its_role_begins_anew_whatever_was_asked()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var withTools = Ask[..^1] + ""","tools":[{"type":"function","function":{"name":"f"}}]}""";
        var asked = gateway.AskAsync(withTools);
        var sent = await DieAsync(fleet, Role("a"));
        using var connection = (await fleet.AcceptAsync()).Connection;
        var again = await connection.ReadRequestAsync();
        Assert.Equal(Body(sent)["messages"], Body(again)["messages"]);
        var call = """{"tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":"{}"}}]}""";
        await connection.SendAsync(Stream(Role("b"), Chunk("b", call), Finish("b"), Done));
        Assert.Equal(Role("a") + Chunk("a", call) + Finish("a") + Done, await TextOf(await asked));
    }

    [Theory]
    [InlineData(""","tools":[{"type":"function","function":{"name":"f"}}]""")]
    [InlineData(""","n":2""")]
    [InlineData(""","logprobs":true""")]
    [InlineData(""","response_format":{"type":"json_object"}""")]
    [InlineData(""","structured_outputs":{"regex":"a+"}""")]
    [InlineData(""","stop":["Hello you"]""")]
    public async Task What_is_one_piece_ends_with_one_error_event_and_no_sentinel(string more)
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask[..^1] + more + "}");
        await DieAsync(fleet, Role("a"), Text("a", "Hello"));
        Assert.Equal(Role("a") + Text("a", "Hello") + Cut, await TextOf(await asked));
        Assert.True(fleet.IsIdle);
        await EndsAsync(gateway, "stream_cut 200");
    }

    [Fact]
    public async Task A_refusal_to_go_on_is_never_shown()
    {
        using var fleet = new FakeFleet(3);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        await DieAsync(fleet, Role("a"), Text("a", "x"));
        var refused = 0;
        while (refused < 2)
        {
            using var connection = (await fleet.AcceptAsync()).Connection;
            await connection.ReadRequestAsync();
            await connection.SendAsync(Refusal($"no partial messages, says {++refused}"));
        }

        Assert.Equal(Role("a") + Text("a", "x") + Cut, await TextOf(await asked));
        await EndsAsync(gateway, "stream_cut 200");
    }

    [Fact]
    public async Task A_replica_that_is_known_not_to_go_on_is_not_asked()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        var (dying, engine) = await fleet.AcceptAsync();
        gateway.Router.Table.Routes[0].Replicas[1 - engine].Card = new CapabilityCard
        {
            ProbedAt = DateTimeOffset.UnixEpoch,
            ContinuesPartialMessage = Finding.No,
        };
        using (dying)
        {
            await dying.ReadRequestAsync();
            await dying.SendAsync(Head + Chunked(Role("a")) + Chunked(Text("a", "x")));
        }

        var (again, sameEngine) = await fleet.AcceptAsync();
        Assert.Equal(engine, sameEngine);
        using var connection = again;
        await connection.ReadRequestAsync();
        await connection.SendAsync(Stream(Text("b", "y"), Finish("b"), Done));
        Assert.EndsWith(Text("a", "y") + Finish("a") + Done, await TextOf(await asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_goes_astray_is_passed_over_and_not_taken_for_ill()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        await DieAsync(fleet, Role("a"), Text("a", "x"));
        var (astray, engine) = await fleet.AcceptAsync();
        using (astray)
        {
            await astray.ReadRequestAsync();
            await astray.SendAsync(Head + Chunked(Role("b")) + Chunked(Chunk("b", """{"reasoning":"hm"}""")));
            Assert.True(await astray.SeesCloseAsync());
        }

        var (other, otherEngine) = await fleet.AcceptAsync();
        Assert.NotEqual(engine, otherEngine);
        using var connection = other;
        await connection.ReadRequestAsync();
        await connection.SendAsync(Stream(Text("b", "y"), Finish("b"), Done));
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y") + Finish("a") + Done, await TextOf(await asked));
        Assert.Equal(0, gateway.Router.Table.Routes[0].Replicas[engine].Failures);
    }

    [Fact]
    public async Task A_lonely_replica_that_answers_again_goes_on_itself()
    {
        using var fleet = new FakeFleet(1);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask);
        await DieAsync(fleet, Role("a"), Text("a", "x"));
        using var connection = (await fleet.AcceptAsync()).Connection;
        await connection.ReadRequestAsync();
        await connection.SendAsync(Stream(Text("b", "y"), Finish("b"), Done));
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y") + Finish("a") + Done, await TextOf(await asked));
    }

    [Fact]
    public async Task A_lonely_replica_that_is_away_is_waited_for()
    {
        await using var engine = SimulatorServer.Start(
            new SimulatorOptions { Models = ["org/m"], Itl = TimeSpan.FromMilliseconds(1) }
        );
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var undisturbed = await TextOf(await gateway.AskAsync(Ask));
        var asked = gateway.AskAsync(Ask, HttpCompletionOption.ResponseHeadersRead);
        using var answer = await asked;
        await engine.DieAsync(staysDown: true);
        while (gateway.CallsUnderWay.Any())
        {
            await Task.Yield();
        }

        engine.Revive();
        var text = await TextOf(answer);
        Assert.EndsWith(Done, text, StringComparison.Ordinal);
        Assert.Equal(undisturbed.Split("\n\n").Length, text.Split("\n\n").Length);
        Assert.DoesNotContain("\"error\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_with_the_same_weights_goes_on_and_one_with_others_does_not()
    {
        using var fleet = new FakeFleet(1);
        using var others = new FakeFleet(1);
        using var same = new FakeFleet(1);
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", fleet.Urls) with
            {
                Attempts = 1,
                Fallbacks = ["other", "same"],
            },
            GatewayInProcess.Deploy("other", others.Urls),
            GatewayInProcess.Deploy("same", same.Urls) with
            {
                UpstreamModel = "org/m",
                Backend = "sglang",
            },
        ]);
        var asked = gateway.AskAsync(Ask);
        await DieAsync(fleet, Role("a"), Text("a", "x"));
        using var connection = (await same.AcceptAsync()).Connection;
        await connection.ReadRequestAsync();
        await connection.SendAsync(Stream(Role("b"), Text("b", "y"), Finish("b"), Done));
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y") + Finish("a") + Done, await TextOf(await asked));
        Assert.True(others.IsIdle);
    }

    [Fact]
    public async Task An_answer_that_broke_after_its_last_token_is_at_its_end()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await StartAsync(fleet);
        var asked = gateway.AskAsync(Ask[..^1] + ",\"max_tokens\":2}");
        await DieAsync(fleet, Role("a"), Text("a", "x"), Text("a", "y"));
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y") + Length("a") + Done, await TextOf(await asked));
        Assert.True(fleet.IsIdle);
        await EndsAsync(gateway, "completed 200");
    }

    [Fact]
    public async Task A_deployment_may_want_none_of_it()
    {
        using var fleet = new FakeFleet(2);
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", fleet.Urls) with
            {
                Continuity = Continuity.Off,
            },
        ]);
        var asked = gateway.AskAsync(Ask);
        await DieAsync(fleet, Role("a"), Text("a", "x"));
        Assert.Equal(Role("a") + Text("a", "x") + Cut, await TextOf(await asked));
    }

    [Fact]
    public async Task A_stream_that_breaks_again_and_again_is_taken_up_so_often_and_no_more()
    {
        using var fleet = new FakeFleet(1);
        await using var gateway = await GatewayInProcess.StartAsync(
            [GatewayInProcess.Deploy("m", fleet.Urls)],
            settings: new() { ["Relaying:Continuations"] = "3" }
        );
        var asked = gateway.AskAsync(Ask);
        for (var i = 0; i < 4; i++)
        {
            await DieAsync(fleet, Role("a"), Text("a", $"{i}"));
        }

        Assert.Equal(
            Role("a") + Text("a", "0") + Text("a", "1") + Text("a", "2") + Text("a", "3") + Cut,
            await TextOf(await asked)
        );
    }

    [Fact]
    public async Task A_head_without_a_first_byte_is_no_answer_and_a_fallback_gives_one()
    {
        var time = new FakeTimeProvider();
        using var slow = new FakeEngine();
        using var spare = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync(
            [
                GatewayInProcess.Deploy("m", slow.Url) with
                {
                    Fallbacks = ["spare"],
                    Timeouts = new DeploymentTimeouts { FirstByte = TimeSpan.FromSeconds(10) },
                },
                // Nothing of this one hangs on the clock, which runs ahead of the sockets.
                GatewayInProcess.Deploy("spare", spare.Url) with
                {
                    Timeouts = new DeploymentTimeouts
                    {
                        Connect = TimeSpan.FromHours(1),
                        FirstByte = TimeSpan.FromHours(1),
                        Idle = TimeSpan.FromHours(1),
                        Total = TimeSpan.FromHours(1),
                    },
                },
            ],
            time,
            new() { ["Relaying:KeepAliveSeconds"] = "0" }
        );
        var asked = gateway.AskAsync(Ask);
        using var silent = await slow.AcceptAsync();
        await silent.ReadRequestAsync();
        await silent.SendAsync(Head);
        var left = silent.SeesCloseAsync();
        while (!left.IsCompleted)
        {
            time.Advance(Heartbeat.Period);
            await Task.Yield();
        }

        using var connection = await spare.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(Stream(Role("b"), Finish("b"), Done));
        using var answer = await asked;
        Assert.Equal("org/spare", answer.Headers.GetValues("X-Model-Used").Single());
        Assert.Equal(Role("b") + Finish("b") + Done, await TextOf(answer));
    }

    private static Task<GatewayInProcess> StartAsync(FakeFleet fleet) =>
        GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", fleet.Urls)]);

    /// <summary>Takes a request, says something and dies.</summary>
    private static async Task<string> DieAsync(FakeFleet fleet, params string[] events)
    {
        using var connection = (await fleet.AcceptAsync()).Connection;
        var request = await connection.ReadRequestAsync();
        await connection.SendAsync(Head + string.Concat(events.Select(Chunked)));
        return request;
    }

    private static async Task EndsAsync(GatewayInProcess gateway, string ending)
    {
        while (!gateway.Endings.Any())
        {
            await Task.Yield();
        }

        Assert.Equal([ending], gateway.Endings);
    }

    private static Dictionary<string, string> Body(string request)
    {
        using var json = JsonDocument.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        return json
            .RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value.GetRawText());
    }

    private static Task<string> TextOf(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
