using System.Collections.Immutable;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>What the engine says of itself: its kind, version, models, context length and how much it runs at once.</summary>
internal static class ModelCheck
{
    /// <summary>A list longer than a person reads says nothing more.</summary>
    private const int MostModels = 64;

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var engine = probe.Engine.Engine;
        var listed = (await probe.GetAsync(engine.ModelsPath, stop)).Json()?.Items("data") ?? [];
        var ours = listed.Where(model => model.Text("id") == probe.Model).ToList();
        var version = engine.VersionPath is { } path ? VersionPoll.Of(await probe.GetAsync(path, stop)) : null;
        return card with
        {
            EngineVersion = version,
            Engine = listed.Select(model => KindOf(model.Text("owned_by"))).FirstOrDefault(kind => kind is not null),
            Models = [.. listed.Select(model => model.Text("id")).OfType<string>().Take(MostModels)],
            ContextLength = ours.Select(ContextOf).FirstOrDefault(length => length is not null),
            MaxConcurrency = engine.LoadSource is { } load ? SlotsOf(await probe.GetAsync(load.Path, stop)) : null,
        };
    }

    private static string? KindOf(string? owner) =>
        owner is null ? null : EngineCatalog.All.FirstOrDefault(one => Owns(one, owner))?.Name;

    private static bool Owns(Engine engine, string owner) =>
        engine.Signature is { } signature && signature.OwnedBy.Contains(owner, StringComparer.Ordinal);

    /// <summary>vLLM and SGLang; llama.cpp; what others have copied from hosted services.</summary>
    private static int? ContextOf(System.Text.Json.JsonElement model) =>
        model.Number("max_model_len")
        ?? model.Member("meta")?.Number("n_ctx")
        ?? model.Number("context_length")
        ?? model.Number("max_context_length");

    /// <summary>SGLang says it beside its load; llama.cpp lists its slots one by one.</summary>
    private static int? SlotsOf(EngineReply reply)
    {
        if (!reply.IsSuccess)
        {
            return null;
        }

        if (reply.Json() is { } document)
        {
            var ranks = document.Items("loads").Select(rank => rank.Number("max_running_requests")).ToList();
            return ranks.Count > 0 && ranks.All(rank => rank is > 0) ? ranks.Sum() : null;
        }

        return reply.Array() is { Count: > 0 } slots ? slots.Count : null;
    }
}
