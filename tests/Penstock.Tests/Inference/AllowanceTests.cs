using System.Net;
using System.Text.Json;
using Penstock.Keys;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary>Token limits, budgets and balances as a caller meets them.</summary>
public sealed class AllowanceTests
{
    private const string Hello =
        """{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"twelve bytes"}]}""";

    private const string Answer = """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_limit_is_told_in_headers_and_its_refusal_says_whose_and_which()
    {
        await using var test = await StartAsync(grant => grant with { Limits = new() { TokensPerMinute = 150 } });
        using var first = await test.AnsweredAsync();
        Assert.Equal("150", first.Headers.GetValues("X-RateLimit-Limit-Tokens").Single());
        // Eleven are guessed for the prompt, a hundred reserved for the answer.
        Assert.Equal("39", first.Headers.GetValues("X-RateLimit-Remaining-Tokens").Single());
        using var second = await test.AnsweredAsync();

        using var third = await test.Gateway.AskAsync(Hello);

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        var (code, message) = await ErrorOf(third);
        Assert.Equal("rate_limit_exceeded", code);
        Assert.StartsWith("This key may use 150 tokens a minute. Try again in ", message, StringComparison.Ordinal);
        Assert.Equal("90", third.Headers.GetValues("X-RateLimit-Remaining-Tokens").Single());
        Assert.True(third.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Without_such_a_limit_there_are_no_such_headers_and_no_max_tokens_is_needed()
    {
        await using var test = await StartAsync(grant => grant with { Limits = new() { ConcurrentRequests = 1 } });

        using var answer = await test.AnsweredAsync(
            """{"model":"m","messages":[{"role":"user","content":"twelve bytes"}]}"""
        );

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-RateLimit-Limit-Tokens"));
    }

    [Fact]
    public async Task A_caller_who_leaves_frees_the_place_and_what_was_not_used()
    {
        await using var test = await StartAsync(grant => grant with { Limits = new() { ConcurrentRequests = 1 } });
        using var hangUp = new CancellationTokenSource();
        var asked = test.Gateway.Client.PostAsync(
            "/v1/chat/completions",
            new StringContent(Hello, System.Text.Encoding.UTF8, "application/json"),
            hangUp.Token
        );
        using (var connection = await test.Engine.AcceptAsync())
        {
            await connection.ReadRequestAsync();
            using var beside = await test.Gateway.AskAsync(Hello);
            Assert.Equal("rate_limit_exceeded", (await ErrorOf(beside)).Code);
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            Assert.True(await connection.SeesCloseAsync());
        }

        while (!test.Gateway.Endings.Contains("client_gone 499"))
        {
            await Task.Yield();
        }

        using var answer = await test.AnsweredAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_spent_budget_is_429_until_the_day_ends_and_client_libraries_are_told_not_to_try_again()
    {
        await using var test = await StartAsync(grant =>
            grant with
            {
                WorkspaceLimits = new() { SpendPerDay = 40_000 },
            }
        );
        using var first = await test.AnsweredAsync();

        using var second = await test.Gateway.AskAsync(Hello);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        var (code, message) = await ErrorOf(second);
        Assert.Equal("budget_exceeded", code);
        Assert.StartsWith(
            "All keys of workspace 'acme' together may spend 0.00004 a day (UTC).",
            message,
            StringComparison.Ordinal
        );
        Assert.Equal("false", second.Headers.GetValues("x-should-retry").Single());
    }

    [Fact]
    public async Task A_balance_at_zero_is_402_before_any_engine_is_asked()
    {
        await using var test = await StartAsync(grant => grant with { Credited = 0 });

        using var answer = await test.Gateway.AskAsync(Hello);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.Equal("insufficient_credits", (await ErrorOf(answer)).Code);
        Assert.Equal(0, (await test.Gateway.ReadLedgerAsync()).Number("SELECT count(*) FROM requests"));
    }

    private static async Task<(string Code, string Message)> ErrorOf(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Stop));
        var error = body.RootElement.GetProperty("error");
        return (error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
    }

    private static async Task<Bench> StartAsync(Func<KeyGrant, KeyGrant> with)
    {
        var engine = new FakeEngine();
        return new Bench(
            engine,
            await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)], with: with)
        );
    }

    private sealed record Bench(FakeEngine Engine, GatewayInProcess Gateway) : IAsyncDisposable
    {
        private FakeEngine.Connection? _connection;

        /// <summary>One request, answered by the engine and entered into the ledger.</summary>
        public async Task<HttpResponseMessage> AnsweredAsync(string body = Hello)
        {
            var ended = Gateway.Endings.Count();
            var asked = Gateway.AskAsync(body);
            _connection ??= await Engine.AcceptAsync();
            await _connection.ReadRequestAsync();
            await _connection.SendAsync(
                $"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}"
            );
            var answer = await asked;
            while (Gateway.Endings.Count() == ended)
            {
                await Task.Yield();
            }

            return answer;
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            _connection?.Dispose();
            Engine.Dispose();
        }
    }
}
