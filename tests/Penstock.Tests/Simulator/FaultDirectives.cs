using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;
using Penstock.Simulator.Faults;

namespace Penstock.Tests.Simulator;

/// <summary>Each directive does on the wire what its line in the table says.</summary>
public sealed class FaultDirectives
{
    private const string Stream = "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":8";

    [Fact]
    public async Task Status_and_retry_after_in_the_engines_words()
    {
        var answer = await AnswerAsync("status=429 retry-after=2", "");
        Assert.StartsWith("HTTP/1.1 429 Too Many Requests\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("retry-after: 2\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith(
            """{"error":{"message":"Simulated Too Many Requests","type":"Too Many Requests","param":null,"code":429}}""",
            answer,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "flat",
        "application/json",
        """{"object":"error","message":"Simulated Service Unavailable","type":"Service Unavailable","param":null,"code":503}"""
    )]
    [InlineData("string", "application/json", """{"error":"Simulated Service Unavailable"}""")]
    [InlineData("text", "text/plain; charset=utf-8", "Simulated Service Unavailable")]
    [InlineData("html", "text/html", "<center>nginx</center>")]
    [InlineData("cloudflare", "text/plain; charset=UTF-8", "error code: 503")]
    [InlineData("empty", "", "content-length: 0")]
    public async Task The_body_of_an_error_takes_other_forms(string form, string type, string expected)
    {
        var answer = await AnswerAsync($"status=503 error-body={form}", "");
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.Contains(
            type.Length == 0 ? "server: uvicorn" : $"content-type: {type}\r\n",
            answer,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Cut_ends_the_connection_without_the_end_of_the_stream()
    {
        var answer = await AnswerAsync("cut=3", Stream);
        Assert.Equal(3, SimulatorClient.Data(answer).Count);
        Assert.DoesNotContain("[DONE]", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_at_zero_leaves_the_head_alone()
    {
        var answer = await AnswerAsync("cut=0", Stream);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Empty(SimulatorClient.Data(answer));
    }

    [Fact]
    public async Task Cut_of_a_JSON_answer_breaks_its_promise_of_length()
    {
        var answer = await AnswerAsync("cut=20", "");
        Assert.EndsWith("\r\n\r\n{\"id\":\"chatcmpl-test", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reset=2", Stream)]
    [InlineData("reset=0", Stream)]
    [InlineData("reset=20", "")]
    public async Task Reset_is_an_error_to_the_reader(string directive, string more)
    {
        await Assert.ThrowsAsync<SocketException>(() => AnswerAsync(directive, more));
    }

    [Theory]
    [InlineData(Stream)]
    [InlineData("")]
    public async Task Close_comes_before_the_head(string more) => Assert.Equal("", await AnswerAsync("close", more));

    [Theory]
    [InlineData(Stream, "stall=3:10s")]
    [InlineData("", "stall=100:10s")]
    [InlineData(Stream, "slow-headers=10s")]
    [InlineData("", "slow-headers=10s")]
    [InlineData(Stream, "ttft=10s")]
    [InlineData("", "ttft=10s")]
    [InlineData(Stream, "late-head ttft=10s")]
    [InlineData("", "itl=2s")]
    [InlineData(Stream, "itl=2s")]
    public async Task Time_passes_as_told_and_then_the_answer_is_whole(string more, string directive)
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Time = time, KeepAlive = TimeSpan.Zero }
        );
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request(directive, more));
        var reading = connection.ReadToEndAsync();
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        Assert.False(reading.IsCompleted);
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.EndsWith(
            more.Length > 0 ? "data: [DONE]\n\n\r\n0\r\n\r\n" : "}",
            await reading,
            StringComparison.Ordinal
        );
        Assert.Equal(1, simulator.Server.Counters.Completed);
    }

    [Fact]
    public async Task What_came_before_a_stall_was_sent_before_it()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request("stall=3:1m", Stream));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.GeneratedTokens == 2);
        var third = "\"finish_reason\":null,\"token_ids\":null}]}\n\n\r\n";
        var received = await connection.ReadUntilAsync(third);
        Assert.InRange(SimulatorClient.Data(received).Count, 2, 3);
    }

    [Fact]
    public async Task Silence_lasts_until_the_client_goes()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(new SimulatorOptions { Time = time });
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request("silent", ""));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(1, simulator.Server.Counters.Running);
        connection.CloseSending();
        Assert.Equal("", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task No_done_ends_in_order_but_unfinished()
    {
        var answer = await AnswerAsync("no-done", Stream);
        Assert.DoesNotContain("[DONE]", answer, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"length\"", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_finish_says_done_without_a_reason()
    {
        var answer = await AnswerAsync("no-finish", Stream);
        Assert.DoesNotContain("\"finish_reason\":\"", answer, StringComparison.Ordinal);
        Assert.Equal("[DONE]", SimulatorClient.Data(answer)[^1]);
    }

    [Fact]
    public async Task Usage_can_be_missing()
    {
        Assert.DoesNotContain("\"usage\"", await AnswerAsync("usage-missing", Stream), StringComparison.Ordinal);
        Assert.DoesNotContain("\"usage\"", await AnswerAsync("usage-missing", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_event_ends_the_stream_as_the_dialect_does()
    {
        var data = SimulatorClient.Data(await AnswerAsync("error-event=3", Stream));
        Assert.Equal(5, data.Count);
        Assert.Equal("InternalServerError", JsonNode.Parse(data[3])!["error"]!["type"]!.GetValue<string>());
        Assert.Equal("[DONE]", data[4]);
        Assert.StartsWith("HTTP/1.1 500 ", await AnswerAsync("error-event=3", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_JSON_is_one_event_that_ends_too_early()
    {
        var data = SimulatorClient.Data(await AnswerAsync("bad-json=4", Stream));
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(data[3]));
        Assert.All(data.Where((d, i) => i != 3 && d is not "[DONE]"), d => JsonNode.Parse(d));
        var body = (await AnswerAsync("bad-json=1", "")).Split("\r\n\r\n")[1];
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(body));
    }

    [Fact]
    public async Task A_big_event_is_big_and_still_JSON()
    {
        var data = SimulatorClient.Data(await AnswerAsync("big-event=1000000", Stream));
        Assert.Single(data, d => d.Length > 1_000_000);
        Assert.All(data.Where(d => d is not "[DONE]"), d => JsonNode.Parse(d));
    }

    [Theory]
    [InlineData("bad-chunk=2", Stream)]
    [InlineData("bad-chunk=0", "")]
    public async Task Broken_framing_is_no_chunk_size(string directive, string more)
    {
        await using var simulator = new SimulatorClient();
        using var response = new HttpRequestMessage(HttpMethod.Post, SimulatorClient.ChatPath)
        {
            Content = SimulatorClient.Content(SimulatorClient.Body($"[[sim {directive}]]", more)),
        };
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            simulator.Http.SendAsync(
                response,
                HttpCompletionOption.ResponseContentRead,
                TestContext.Current.CancellationToken
            )
        );
    }

    [Theory]
    [InlineData(Stream)]
    [InlineData("")]
    public async Task Both_lengths_stand_in_the_head(string more)
    {
        var answer = await AnswerAsync("both-lengths", more);
        Assert.Contains("content-length: 10\r\ntransfer-encoding: chunked\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("length", "content-length: ")]
    [InlineData("chunked", "transfer-encoding: chunked\r\n")]
    [InlineData("close", "connection: close\r\n")]
    public async Task A_body_ends_in_each_way(string framing, string header)
    {
        await using var simulator = new SimulatorClient();
        var answer = await AnswerAsync($"framing={framing}", "");
        Assert.Contains(header, answer, StringComparison.Ordinal);
        var json = await simulator.JsonAsync(SimulatorClient.Body($"[[sim framing={framing}]]"));
        Assert.Equal("chat.completion", json["object"]!.GetValue<string>());
    }

    [Fact]
    public async Task Lines_may_end_in_CR_LF_and_comments_come_between()
    {
        var answer = await AnswerAsync("crlf comment", Stream);
        Assert.Contains(": simulator\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("data: [DONE]\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(11, Count(answer, ": simulator\r\n"));
    }

    [Theory]
    [InlineData("split=1")]
    [InlineData("split=7")]
    [InlineData("split=utf8")]
    [InlineData("split=random")]
    [InlineData("coalesce=4")]
    [InlineData("coalesce=1")]
    public async Task However_it_is_cut_into_writes_the_bytes_are_the_same(string directive)
    {
        // In a header, so that the prompt and with it the words stay the same.
        await using var simulator = new SimulatorClient(new SimulatorOptions { Time = new FakeTimeProvider() });
        var answers = new List<string>();
        foreach (var header in (string[])["tokens=64", directive])
        {
            using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
            var headers = $"X-Sim: {header}\r\nX-Request-Id: test\r\nConnection: close\r\n";
            await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("hello", Stream), headers));
            answers.Add(await connection.ReadToEndAsync());
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task Something_may_come_after_done()
    {
        var data = SimulatorClient.Data(await AnswerAsync("after-done", Stream));
        Assert.Equal("[DONE]", data[^2]);
    }

    [Fact]
    public async Task The_content_type_may_lie() =>
        Assert.Contains(
            "content-type: text/html\r\n",
            await AnswerAsync("content-type=text/html", Stream),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task The_header_speaks_the_same_language()
    {
        await using var simulator = new SimulatorClient();
        simulator.Http.DefaultRequestHeaders.Add("X-Sim", "status=503;retry-after=7");
        using var response = await simulator.PostAsync(SimulatorClient.Body());
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Standing_directives_may_hold_for_every_third_request()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Directives = "every=3 status=500" });
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            using var response = await simulator.PostAsync(SimulatorClient.Body());
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 200, 500, 200, 200, 500], statuses);
    }

    [Theory]
    [InlineData("first=1", "first")]
    [InlineData("cut=x", "cut")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("stall=3", "stall")]
    [InlineData("error-body=yaml", "error-body")]
    public async Task A_directive_with_a_mistake_is_refused_by_name(string directive, string name)
    {
        await using var simulator = new SimulatorClient();
        var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body($"[[sim {directive}]]"));
        Assert.Equal(400, status);
        Assert.Contains($"'{name}", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_directive_and_selector_is_in_the_help_and_in_the_README()
    {
        var readme = File.ReadAllText(Readme());
        var rows = DirectiveTable
            .All.Select(d => (d.Name, d.Value, d.Meaning))
            .Concat(SelectorTable.All.Select(s => (s.Name, s.Value, s.Meaning)));
        Assert.All(
            rows,
            row =>
            {
                var form = row.Value.Length == 0 ? row.Name : $"{row.Name}={row.Value}";
                Assert.Contains(form, SimulatorCommand.Help(), StringComparison.Ordinal);
                Assert.Contains(
                    $"| `{form.Replace("|", "\\|", StringComparison.Ordinal)}` | {row.Meaning} |",
                    readme,
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Theory]
    [InlineData("250us", 2_500)]
    [InlineData("20ms", 200_000)]
    [InlineData("20", 200_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("2m", 1_200_000_000)]
    public void Durations_have_units(string text, long ticks) =>
        Assert.Equal(ticks, DirectiveValue.Duration(text).Ticks);

    [Theory]
    [InlineData("")]
    [InlineData("ms")]
    [InlineData("-1s")]
    [InlineData("3h")]
    [InlineData("1e9s")]
    [InlineData("99999m")]
    public void Durations_without_sense_are_refused(string text) =>
        Assert.Throws<FormatException>(() => DirectiveValue.Duration(text));

    private static string Readme()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Penstock.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "src", "Penstock.Simulator", "README.md");
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Request(string directives, string more) =>
        RawConnection.Request(
            SimulatorClient.Body($"[[sim {directives}]]", more),
            "X-Request-Id: test\r\nConnection: close\r\n"
        );

    private static async Task<string> AnswerAsync(string directives, string more)
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request(directives, more));
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(await connection.ReadToEndAsync()));
    }
}
