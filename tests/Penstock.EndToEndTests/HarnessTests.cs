using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests;

/// <summary>The tools of this suite, tried on each other: a broken tool must not look like a broken gateway.</summary>
public sealed class HarnessTests
{
    [Fact]
    public async Task The_recording_engine_keeps_every_byte_it_was_sent()
    {
        await using var engine = new RecordingEngine();
        using var http = new HttpClient { BaseAddress = new Uri(engine.Url) };
        const string body = """{ "a" : 1e400, "é": "\u00e9" }""";

        var answer = await new GatewayClient(http, "secret").ChatAsync(body);

        Assert.Equal(EngineScripts.Json, answer.Expect(200).Text);
        var request = Assert.Single(engine.Requests);
        Assert.Equal(body, request.Text);
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", request.Line);
        Assert.Equal("Bearer secret", request.Header("authorization"));
    }

    [Fact]
    public async Task The_recording_engine_frees_a_body_of_its_chunking()
    {
        await using var engine = new RecordingEngine();
        using var raw = new RawClient(new Uri(engine.Url).Port);

        await raw.SendAsync("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1\r\n \r\n0\r\n\r\n");

        Assert.True(await raw.HearAsync(text => text.Contains("Hello there", StringComparison.Ordinal)));
        Assert.Equal("{} ", Assert.Single(engine.Requests).Text);
    }

    [Fact]
    public async Task A_stream_is_heard_while_it_arrives()
    {
        await using var engine = new RecordingEngine();
        var heard = new TaskCompletionSource();
        engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(EngineScripts.TextChunk("one"));
            await heard.Task;
            await exchange.ChunkAsync(EngineScripts.Done);
            await exchange.EndAsync();
        };
        using var http = new HttpClient { BaseAddress = new Uri(engine.Url) };

        using var stream = await new GatewayClient(http, null).OpenAsync("""{"stream":true}""");
        Assert.True(await stream.ReadUntilAsync(text => text.Contains("one", StringComparison.Ordinal)));
        heard.SetResult();

        Assert.EndsWith(EngineScripts.Done, await stream.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_is_heard_signalled_and_seen_to_end()
    {
        await using var child = ChildProcess.Start(
            "sh",
            ["-c", "trap 'echo bye >&2; exit 3' TERM; echo hello; while :; do sleep 0.05; done"]
        );
        await child.Output.LineAsync(line => line == "hello", "the greeting");

        child.Terminate();

        Assert.Equal(3, await child.WaitForExitAsync());
        Assert.Equal("bye\n", child.Output.Text("err"));
    }
}
