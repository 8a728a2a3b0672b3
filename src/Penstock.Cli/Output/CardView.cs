using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>What replicas were seen to do, on stdout.</summary>
internal static class CardView
{
    public static void Show(Report report, IReadOnlyList<ReplicaState> states)
    {
        if (report.IsJson)
        {
            report.Json(states, ContractsJson.Default.IReadOnlyListReplicaState);
            return;
        }

        report.Card(states.SelectMany(Members));
    }

    /// <summary>The lines of one replica, for whoever shows more than that.</summary>
    public static IEnumerable<(string Name, string Value)> Members(ReplicaState state)
    {
        yield return ("replica", $"{state.Url}, {State(state)}");
        if (state.Problem is { } problem)
        {
            yield return ("  problem", problem);
        }

        if (state.Card is not { } card)
        {
            yield return ("  card", "never probed");
            yield break;
        }

        yield return ("  engine", $"{card.Engine ?? "unknown"} {card.EngineVersion}".TrimEnd());
        yield return ("  models", card.Models.Count > 0 ? string.Join(", ", card.Models) : "none listed");
        foreach (var (name, value) in Findings(card))
        {
            yield return ($"  {name}", value);
        }

        yield return ("  probed", $"{Moment.Of(card.ProbedAt)}, {card.Calls} calls, {card.GeneratedTokens} tokens");
        foreach (var warning in card.Warnings)
        {
            yield return ("  warning", warning);
        }
    }

    private static string State(ReplicaState state)
    {
        var load = state.Running is { } running ? $", {running} running, {state.Waiting ?? 0} waiting" : "";
        return $"{state.Condition}, {state.InFlight} under way{load}";
    }

    private static IEnumerable<(string, string)> Findings(CardShape card)
    {
        var found = card.Findings;
        yield return ("context length", Number(card.ContextLength, "tokens"));
        yield return ("usage in streams", found.UsageInStreams);
        yield return ("usage on every chunk", found.UsageOnEveryChunk);
        yield return ("tool calls", found.ToolCalls);
        yield return ("auto tool choice", found.AutoToolChoice);
        yield return ("logprobs", card.TopLogprobs is { } top ? $"{found.Logprobs}, top {top}" : found.Logprobs);
        yield return ("several choices", found.SeveralChoices);
        yield return ("structured output", found.StructuredOutput);
        yield return ("abort frees the slot", found.AbortFreesSlot);
        yield return ("continues a message", found.ContinuesPartialMessage);
        yield return ("cache salt", found.TakesCacheSalt);
        yield return ("idle connection", card.IdleConnection ?? "unknown");
        yield return ("largest body", card.LargestBody is { } bytes ? $"at least {bytes} bytes" : "unknown");
        yield return ("runs at once", Number(card.MaxConcurrency, "requests"));
        yield return ("error dialect", card.ErrorDialect);
    }

    private static string Number(int? value, string what) => value is { } number ? $"{number} {what}" : "unknown";
}
