using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Streaming;

namespace Penstock.Tests.Simulator;

/// <summary>The same answer in other shapes on the wire: cut, compressed, doubled, stamped, late.</summary>
public sealed class WireShapes
{
    private const string Stream = "\"stream\":true,\"max_tokens\":8";

    [Theory]
    [InlineData("utf8")]
    [InlineData("crlf")]
    [InlineData("random")]
    [InlineData("1")]
    [InlineData("1000000")]
    public void However_it_is_cut_nothing_is_lost(string split)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: 東京 naïve 👩‍🔬\r\n\r\n", 40)));
        var lengths = Lengths(bytes, split, seed: 1);
        Assert.Equal(bytes.Length, lengths.Sum());
        Assert.All(lengths, length => Assert.True(length > 0));
        Assert.Equal(lengths, Lengths(bytes, split, seed: 1));
    }

    [Fact]
    public void Cuts_fall_where_readers_stumble()
    {
        var text = "aé東🙂\r\nb"u8.ToArray();
        Assert.Equal([2, 2, 3, 6], Lengths(text, "utf8", 0));
        Assert.Equal([text.Length - 2, 2], Lengths(text, "crlf", 0));
        var many = new byte[10_000];
        Assert.NotEqual(Lengths(many, "random", 1), Lengths(many, "random", 2));
    }

    [Theory]
    [InlineData("split=utf8")]
    [InlineData("split=random")]
    [InlineData("split=random split-seed=7 split-pause=1ms")]
    [InlineData("split=crlf")]
    public async Task A_client_sees_the_same_stream(string directive)
    {
        await using var simulator = new SimulatorClient();
        var whole = await StreamAsync(simulator, "crlf comment");
        Assert.Equal(whole, await StreamAsync(simulator, $"crlf comment {directive}"));
    }

    [Fact]
    public async Task A_compressed_stream_can_be_read_as_it_comes()
    {
        await using var simulator = new SimulatorClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, SimulatorClient.ChatPath);
        request.Content = SimulatorClient.Content(SimulatorClient.Body("hello", Stream));
        request.Headers.Add("X-Sim", "gzip stall=4:1m");
        using var response = await simulator.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = new GZipStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        for (var events = 0; events < 4; events++)
        {
            Assert.StartsWith(
                "data: ",
                await reader.ReadLineAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
            await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(Stream)]
    public async Task Compressed_or_not_the_answer_is_the_same(string more)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Time = new FakeTimeProvider() });
        using var unpacking = new HttpClient(
            new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.GZip }
        )
        {
            BaseAddress = simulator.Server.Url,
        };
        var texts = new List<string>();
        foreach (var directive in (string[])["tokens=64", "gzip"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, SimulatorClient.ChatPath);
            request.Content = SimulatorClient.Content(SimulatorClient.Body("hello", more));
            request.Headers.Add("X-Sim", directive);
            request.Headers.Add("X-Request-Id", "test");
            using var response = await unpacking.SendAsync(request, TestContext.Current.CancellationToken);
            texts.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task The_first_line_may_begin_with_a_byte_order_mark_and_events_may_have_names()
    {
        var answer = await AnswerAsync("bom event-line");
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.StartsWith("\uFEFFevent: message\ndata: {", body.Split("\r\n")[1], StringComparison.Ordinal);
        Assert.Equal(10, answer.Split("event: message\n").Length - 1);
    }

    [Fact]
    public async Task The_last_blank_line_may_be_missing() =>
        Assert.EndsWith("data: [DONE]\n\r\n0\r\n\r\n", await AnswerAsync("no-blank-end"), StringComparison.Ordinal);

    [Fact]
    public async Task The_finish_may_come_twice()
    {
        var data = SimulatorClient.Data(await AnswerAsync("twice-finish"));
        Assert.Equal(2, data.Count(d => d.Contains("\"finish_reason\":\"length\"", StringComparison.Ordinal)));
        Assert.Equal("[DONE]", data[^1]);
    }

    [Fact]
    public async Task An_event_may_be_lost_or_come_twice()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Time = new FakeTimeProvider() });
        var whole = SimulatorClient.Data(await StreamAsync(simulator, "tokens=64"));
        var lost = SimulatorClient.Data(await StreamAsync(simulator, "drop-event=3"));
        var twice = SimulatorClient.Data(await StreamAsync(simulator, "repeat-event=3"));
        Assert.Equal(whole.Where((_, i) => i != 2), lost);
        Assert.Equal([.. whole.Take(3), whole[2], .. whole.Skip(3)], twice);
    }

    [Fact]
    public async Task Each_chunk_says_when_it_was_made_if_asked()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Time = time, KeepAlive = TimeSpan.Zero }
        );
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request("stamps itl=1s"));
        var reading = connection.ReadToEndAsync();
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var stamps = SimulatorClient
            .Data(await reading)
            .SkipLast(1)
            .Select(d => JsonNode.Parse(d)!["sim_us"]!.GetValue<long>())
            .ToArray();
        Assert.Equal(stamps.Order(), stamps);
        // Eight tokens, a second apart. The clock may have gone on before the first chunk is made, and the last is made.
        var start = time.Start.ToUnixTimeMilliseconds() * 1000;
        Assert.InRange(stamps[0], start, stamps[^1]);
        Assert.InRange(stamps[^1], start + 7_000_000, time.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
    }

    [Theory]
    [InlineData("late-end=30s")]
    [InlineData("late-end=30s framing=close")]
    public async Task The_end_may_come_long_after_the_last_event(string directives)
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Time = time, KeepAlive = TimeSpan.Zero }
        );
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request(directives));
        await connection.ReadUntilAsync("[DONE]\n\n");
        // The engine is done with it; only the wire is not.
        Assert.Equal((1, 0), ((int)simulator.Server.Counters.Completed, simulator.Server.Counters.Running));
        var reading = connection.ReadToEndAsync();
        await Task.Yield();
        Assert.False(reading.IsCompleted);
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Comments_may_come_while_the_first_token_is_awaited(int stepSeconds)
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Time = time,
                KeepAlive = TimeSpan.Zero,
                StepBase = TimeSpan.FromSeconds(stepSeconds),
            }
        );
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request(stepSeconds > 0 ? "ping=5s" : "ping=5s ttft=20s"));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        var reading = connection.ReadToEndAsync();
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var answer = await reading;
        // One every five of twenty seconds; fewer when the clock goes on before the next is waited for.
        Assert.InRange(answer.Split(": keep-alive\n\n").Length - 1, 1, 4);
        Assert.True(
            answer.LastIndexOf(": keep-alive", StringComparison.Ordinal)
                < answer.IndexOf("data: ", StringComparison.Ordinal)
        );
    }

    private static List<int> Lengths(byte[] bytes, string split, ulong seed)
    {
        var cuts = new WriteCuts(WriteSplit.Read(split), seed);
        var lengths = new List<int>();
        for (var at = 0; at < bytes.Length; at += lengths[^1])
        {
            lengths.Add(cuts.Next(bytes.AsSpan(at)));
        }

        return lengths;
    }

    private static string Request(string directives) =>
        RawConnection.Request(
            SimulatorClient.Body("hello", Stream),
            $"X-Sim: {directives}\r\nX-Request-Id: test\r\nConnection: close\r\n"
        );

    private static async Task<string> AnswerAsync(string directives)
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(Request(directives));
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(await connection.ReadToEndAsync()));
    }

    private static async Task<string> StreamAsync(SimulatorClient simulator, string directives)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SimulatorClient.ChatPath);
        request.Content = SimulatorClient.Content(SimulatorClient.Body("hello", "\"stream\":true"));
        request.Headers.Add("X-Sim", directives);
        request.Headers.Add("X-Request-Id", "test");
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return System.Text.RegularExpressions.Regex.Replace(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            "\"created\":[0-9]+",
            "\"created\":0",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(5)
        );
    }
}
