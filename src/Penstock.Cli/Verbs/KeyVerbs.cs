using System.CommandLine;

namespace Penstock.Cli.Verbs;

/// <summary><c>keys list|create|rotate|revoke|set</c>.</summary>
internal static class KeyVerbs
{
    public static Command Build(VerbRunner runner) =>
        new("keys", "API keys: who may call, which models, how often")
        {
            KeyListVerb.Build(runner),
            KeyCreateVerb.Build(runner),
            KeyRotateVerb.Build(runner),
            KeyRevokeVerb.Build(runner),
            KeySetVerb.Build(runner),
        };

    public static Argument<string> Existing() => new("KEY") { Description = "The key's id, or its name" };
}
