using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Fleet;

/// <summary>A key under a limit of tokens: what each of its answers cost, when it was asked for and heard. Thread-safe.</summary>
internal sealed class SpendingKey(string name, int limit, int mostTokens)
{
    private static readonly TimeProvider Clock = TimeProvider.System;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(long Sent, long Heard, long Tokens)> _calls = [];

    public int Refused => _calls.Count(call => call.Tokens == 0);

    public async Task CallAsync(GatewayProcess gateway, string model)
    {
        var sent = Clock.GetTimestamp();
        var answer = await gateway.As(name).ChatAsync(ChatBody.Minimal(model, ",\"max_tokens\":20"));
        var heard = Clock.GetTimestamp();
        Assert.True(answer.Status is 200 or 429, answer.ToString());
        var tokens = answer.Status == 200 ? answer.Json["usage"]!["total_tokens"]!.GetValue<long>() : 0;
        Assert.InRange(tokens, 0, mostTokens);
        lock (_gate)
        {
            _calls.Add((sent, heard, tokens));
        }
    }

    /// <summary>No minute holds more: of what was surely granted within 60 seconds, from each request on.</summary>
    public void AssertNeverOver(long most)
    {
        foreach (var first in _calls)
        {
            var sum = _calls
                .Where(call => call.Sent >= first.Sent && Clock.GetElapsedTime(first.Sent, call.Heard) <= Minute)
                .Sum(call => call.Tokens);
            Assert.True(sum <= most, $"{name}: {sum} tokens granted within a minute, allowed {most}.");
        }
    }

    public override string ToString() =>
        $"{_calls.Sum(call => call.Tokens)} of {limit} a minute, {_calls.Count - Refused} granted, {Refused} refused";
}
