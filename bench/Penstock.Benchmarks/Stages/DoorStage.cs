using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Penstock.Benchmarks.Gateways;
using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Benchmarks.Stages;

/// <summary>Steps 1 and 2: who is calling, and may they?</summary>
internal sealed class DoorStage
{
    private const string Header = "Bearer " + BenchFiles.Key;

    /// <summary>Of plan pro. Most takes are refused then, which is the same work.</summary>
    private const int Budget = 500;

    private readonly ApiKeyAuthenticator _keys = new(Options.Create(new KeyOptions()), TimeProvider.System);
    private readonly LocalLimitStore _limits = new(TimeProvider.System);
    private readonly HeaderDictionary _headers = new();
    private readonly Limit _limit;
    private LimitDecision _decision;

    public DoorStage()
    {
        var grant = GrantOf(BenchFiles.Key);
        _keys.Use(
            KeySnapshot.Build([grant, .. Enumerable.Range(0, 10_000).Select(i => GrantOf($"another-key-{i:00000}"))])
        );
        _limit = Limit.Of(grant);
    }

    public void Authenticate() => _keys.Authenticate(Header, out _);

    public void TakeLimit()
    {
        var taken = _limits.TakeAsync(_limit, CancellationToken.None);
        _decision = taken.IsCompleted ? taken.GetAwaiter().GetResult() : default;
    }

    public void WriteLimitHeaders() => LimitHeaders.Write(_headers, _decision, "bench");

    private static KeyGrant GrantOf(string secret) =>
        new()
        {
            KeyId = Guid.NewGuid(),
            KeyName = "bench",
            Hash = ApiKeyHash.Of(Encoding.ASCII.GetBytes(secret)),
            WorkspaceId = RequestStage.Workspace,
            Workspace = "bench",
            Plan = "bench",
            RequestsPerMinute = Budget,
            Burst = Budget,
        };
}
