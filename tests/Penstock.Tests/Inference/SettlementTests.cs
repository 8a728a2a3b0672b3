using System.Net;
using System.Text;
using Penstock.Routing;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary>What the ledger says of a request, whatever its ending.</summary>
public sealed class SettlementTests
{
    // Of 41 bytes that hold messages: eleven tokens, guessed.
    private const string Hello = """{"model":"m","messages":[{"role":"user","content":"twelve bytes"}]}""";
    private const string HelloStream =
        """{"model":"m","messages":[{"role":"user","content":"twelve bytes"}],"stream":true}""";

    private const string StreamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_billed_by_the_engine_s_own_numbers()
    {
        var rows = await AfterAsync(
            Hello,
            Json(
                200,
                """{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":0}}}"""
            )
        );

        Assert.Equal("completed 200 1 100 20 0 - 0 140000 vllm", rows);
    }

    [Fact]
    public async Task A_stream_is_billed_by_the_usage_that_was_asked_for_and_hidden()
    {
        var rows = await AfterAsync(
            HelloStream,
            StreamHead
                + Chunked(Chunk(1))
                + Chunked(Finish)
                + Chunked("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n")
                + Chunked("data: [DONE]\n\n")
                + "0\r\n\r\n"
        );

        Assert.Equal("completed 200 1 7 3 - - 0 13000 vllm", rows);
    }

    [Fact]
    public async Task A_stream_that_is_cut_is_known_to_the_token_where_every_chunk_has_usage()
    {
        var rows = await AfterAsync(
            HelloStream,
            StreamHead + Chunked(Chunk(1) + Chunk(2)) + Chunked(Chunk(5)),
            cut: true
        );

        Assert.Equal("stream_cut 200 1 7 5 - - 0 17000 vllm", rows);
    }

    [Fact]
    public async Task A_stream_that_is_cut_without_usage_is_estimated_by_its_chunks()
    {
        var chunk = """data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""" + "\n\n";
        var rows = await AfterAsync(HelloStream, StreamHead + Chunked(chunk + chunk + chunk), cut: true);

        Assert.Equal("stream_cut 200 1 11 3 - - 1 17000 vllm", rows);
    }

    [Fact]
    public async Task What_an_engine_refuses_costs_nothing()
    {
        var rows = await AfterAsync(Hello, Json(400, """{"error":{"message":"no"}}"""));

        Assert.Equal("engine_refused 400 1 - - - - 0 0 vllm", rows);
    }

    [Fact]
    public async Task A_caller_who_leaves_an_answer_under_way_pays_for_the_prompt_by_estimate()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        using var hangUp = new CancellationTokenSource();
        var asked = gateway.Client.PostAsync(
            "/v1/chat/completions",
            new StringContent(Hello, Encoding.UTF8, "application/json"),
            hangUp.Token
        );
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        Assert.Equal("client_gone 499 1 11 0 - - 1 11000 vllm", await RowAsync(gateway));
    }

    [Fact]
    public async Task A_request_that_reached_no_model_has_its_row_too()
    {
        await using var gateway = await GatewayInProcess.StartAsync([]);
        using var answer = await gateway.AskAsync(Hello);

        Assert.Equal("model_not_found 404 0 - - - - 0 0 -", await RowAsync(gateway));
    }

    [Fact]
    public async Task Strangers_lists_and_what_the_limiter_refuses_have_no_row()
    {
        await using var gateway = await GatewayInProcess.StartAsync([]);
        using var list = await gateway.Client.GetAsync("/v1/models", Stop);
        HttpStatusCode status;
        var admitted = 0;
        do
        {
            using var answer = await gateway.AskAsync(Hello);
            status = answer.StatusCode;
            admitted += status == HttpStatusCode.TooManyRequests ? 0 : 1;
        } while (status != HttpStatusCode.TooManyRequests);

        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", "nobody-knows-this-one");
        using var stranger = await gateway.AskAsync(Hello);

        var ledger = await gateway.ReadLedgerAsync();
        Assert.Equal(admitted, ledger.Number("SELECT count(*) FROM requests"));
    }

    private static async Task<string> AfterAsync(string body, string answer, bool cut = false)
    {
        using var engine = new FakeEngine();
        var once = GatewayInProcess.Deploy("m", engine.Url) with { Attempts = 1 };
        await using var gateway = await GatewayInProcess.StartAsync([once]);
        var asked = gateway.AskAsync(body);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(answer);
        if (cut)
        {
            connection.Dispose();
        }

        using var response = await asked;
        Assert.DoesNotContain(
            "usage",
            body == HelloStream ? await response.Content.ReadAsStringAsync(Stop) : "",
            StringComparison.Ordinal
        );
        return await RowAsync(gateway);
    }

    /// <summary>The one row, once its request has ended.</summary>
    private static async Task<string> RowAsync(GatewayInProcess gateway)
    {
        const string Columns =
            "ending || ' ' || status || ' ' || attempts || ' ' || ifnull(prompt_tokens, '-') || ' ' || "
            + "ifnull(completion_tokens, '-') || ' ' || ifnull(cached_tokens, '-') || ' ' || "
            + "ifnull(reasoning_tokens, '-') || ' ' || estimated || ' ' || cost || ' ' || ifnull(backend, '-')";
        while (true)
        {
            if ((await gateway.ReadLedgerAsync()).Column(Columns) is [var row])
            {
                return row;
            }

            Stop.ThrowIfCancellationRequested();
        }
    }

    private static string Chunk(int completion) =>
        """data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}],"usage":{"prompt_tokens":7,"completion_tokens":"""
        + completion
        + "}}\n\n";

    private static string Finish => """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";

    private static string Chunked(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static string Json(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
