using System.Collections.Immutable;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>What a card means for callers, in plain words: one sentence for each thing that will not work.</summary>
internal static class CardWarnings
{
    /// <param name="said">The engine that the deployment says it is.</param>
    public static ImmutableArray<string> Of(CapabilityCard card, Engine said, string model) =>
        [.. Sentences(card, said, model)];

    private static IEnumerable<string> Sentences(CapabilityCard card, Engine said, string model)
    {
        if (card.Engine is { } kind && kind != said.Name)
        {
            yield return $"says that it is {kind}, the deployment's backend is {said.Name}: its errors, load and limits are misread";
        }

        if (card.Models.Length > 0 && !card.Models.Any(listed => Means(listed, model)))
        {
            yield return $"does not list {model} among its models";
        }

        if (card.AutoToolChoice is Finding.No)
        {
            yield return said.Name is EngineCatalog.Vllm
                ? "started without `--enable-auto-tool-choice`: requests with tools and tool_choice auto will be refused"
                : "requests with tools and tool_choice auto will be refused";
        }

        if (card.ToolCalls is Finding.No)
        {
            yield return "does not answer tool_choice required with a tool call";
        }

        if (card.UsageInStreams is Finding.No)
        {
            yield return "tells no usage in streams: the tokens of streamed answers are not counted";
        }

        if (card.Logprobs is Finding.No)
        {
            yield return "answers no logprobs: requests for them are refused, or answered without";
        }

        if (card.SeveralChoices is Finding.No)
        {
            yield return "answers one choice where n asks for several, or refuses it";
        }

        if (card.StructuredOutput is Finding.No)
        {
            yield return "does not hold answers to a json_schema: response_format is refused, or overlooked";
        }

        if (card.AbortFreesSlot is Finding.No)
        {
            yield return "goes on generating after a caller has left";
        }

        if (card.RefusedBody is { } bytes)
        {
            yield return $"refuses a body of {bytes} bytes as too large";
        }
    }

    /// <summary>Ollama lists a tag that callers may leave out.</summary>
    private static bool Means(string listed, string model) => listed == model || listed == model + ":latest";
}
