using Penstock.Contracts;

namespace Penstock.Tests.Cli;

/// <summary>Resources as the server would show them.</summary>
internal static class Samples
{
    public static readonly Guid Id = Guid.Parse("0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10");
    public static readonly Guid OtherId = Guid.Parse("11111111-2222-3333-4444-555555555555");
    public const string Secret = "psk_live_ThisIsAVeryLongSecretOfFortyThreeCharactersXX123456";

    public static WorkspaceResource Workspace { get; } =
        new()
        {
            Id = Id,
            Name = "acme",
            Plan = "pro",
            CreatedAt = CommandLine.Now,
        };

    public static KeyResource Key { get; } =
        new()
        {
            Id = Id,
            Name = "ci",
            Workspace = "acme",
            Hint = "psk_live_...3456",
            CreatedAt = CommandLine.Now,
        };

    public static DeploymentResource Deployment { get; } =
        new()
        {
            Id = Id,
            Workspace = "acme",
            Model = "llama-3.3-70b",
            UpstreamModel = "meta-llama/Llama-3.3-70B-Instruct",
            Backend = "vllm",
            Replicas =
            [
                new ReplicaShape
                {
                    Url = "http://10.0.0.5:8000",
                    ApiKeyEnv = "VLLM_KEY",
                    Weight = 2,
                },
            ],
            Limits = new LimitsShape
            {
                TopLogprobs = 5,
                N = 128,
                MaxConcurrency = 256,
                Queue = 64,
            },
            Defaults = new DefaultsShape
            {
                MaxTokens = 512,
                Temperature = 1,
                TopP = 1,
            },
            Timeouts = new TimeoutsShape
            {
                Connect = "2s",
                FirstByte = "120s",
                Idle = "30s",
                Total = "30m",
            },
            Retry = new RetryShape { Attempts = 3 },
            Policy = "prefix",
            ShareCache = false,
            EnginePriority = false,
            Continuity = "auto",
            Fallbacks = ["llama-3.1-8b"],
            CreatedAt = CommandLine.Now,
        };

    public static ReplicaState Probed { get; } =
        new()
        {
            Url = "http://10.0.0.5:8000",
            Condition = "alive",
            Reason = "answers 200",
            InFlight = 3,
            Running = 7,
            Waiting = 2,
            Card = new CardShape
            {
                ProbedAt = CommandLine.Now,
                Engine = "vllm",
                EngineVersion = "0.27.1",
                Models = ["meta-llama/Llama-3.3-70B-Instruct"],
                ContextLength = 8192,
                Findings = new FindingsShape
                {
                    UsageInStreams = "yes",
                    UsageOnEveryChunk = "yes",
                    ToolCalls = "yes",
                    AutoToolChoice = "no",
                    Logprobs = "yes",
                    SeveralChoices = "yes",
                    StructuredOutput = "yes",
                    AbortFreesSlot = "unknown",
                    ContinuesPartialMessage = "yes",
                    TakesCacheSalt = "yes",
                },
                TopLogprobs = 20,
                IdleConnection = "5s",
                LargestBody = 1048576,
                ErrorDialect = "wrapped",
                Warnings = ["started without `--enable-auto-tool-choice`"],
                Calls = 10,
                GeneratedTokens = 31,
            },
        };

    public static ReplicaState NotProbed { get; } =
        new()
        {
            Url = "http://10.0.0.6:8000",
            Condition = "failing",
            InFlight = 0,
            Problem = "connection refused",
        };

    public static ResourceList<T> ListOf<T>(params T[] items) => new() { Data = items };
}
