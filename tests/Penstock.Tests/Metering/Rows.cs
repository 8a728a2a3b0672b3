using Penstock.Engines;
using Penstock.Metering;

namespace Penstock.Tests.Metering;

/// <summary>Rows of a ledger, every member different from its default unless a test says otherwise.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly Guid Acme = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    public static readonly Guid Key = Guid.Parse("00000000-0000-0000-0000-0000000000aa");

    public static UsageRecord Full(DateTimeOffset? at = null) =>
        new()
        {
            RequestId = Guid.CreateVersion7(at ?? At),
            EndedAt = (at ?? At).ToUnixTimeMilliseconds(),
            WorkspaceId = Acme,
            KeyId = Key,
            Model = "llama",
            DeploymentId = Guid.Parse("00000000-0000-0000-0000-0000000000dd"),
            Replica = "http://10.0.0.5:8000",
            Backend = "vllm",
            Ending = "engine_error",
            Failed = true,
            Status = 502,
            Attempts = 2,
            Tokens = new TokenUsage(1_000, 200, 400, 50),
            Estimated = true,
            Queued = 11,
            FirstByte = 22,
            Duration = 33,
            Price = new TokenPrice(600_000, 60_000, 1_800_000),
        };

    /// <summary>A request that reached nobody.</summary>
    public static UsageRecord Bare(DateTimeOffset? at = null) =>
        new()
        {
            RequestId = Guid.CreateVersion7(at ?? At),
            EndedAt = (at ?? At).ToUnixTimeMilliseconds(),
            WorkspaceId = Acme,
            KeyId = Key,
            Ending = "invalid_request",
        };

    public static UsageRecord Used(long prompt, long completion, DateTimeOffset? at = null, Guid? key = null) =>
        Bare(at) with
        {
            Ending = "completed",
            Model = "llama",
            KeyId = key ?? Key,
            Tokens = new TokenUsage(prompt, completion, null, null),
        };
}
