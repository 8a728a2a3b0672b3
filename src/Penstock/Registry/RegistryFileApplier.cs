using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Registry;

/// <summary>Applies declarative files: whole, or not at all and with every mistake.</summary>
internal sealed class RegistryFileApplier(LiveRegistry registry, RegistryFileReader reader, RegistryApply apply)
{
    public Task<Outcome<ApplyOutcome>> ApplyAsync(
        ReadOnlyMemory<byte> utf8,
        string actor,
        bool prune,
        CancellationToken cancellationToken
    ) => registry.ChangeAsync(actor, draft => Run(draft, utf8, prune), cancellationToken);

    /// <summary>What applying would come to.</summary>
    public Outcome<ApplyOutcome> Preview(ReadOnlyMemory<byte> utf8, bool prune) =>
        registry.Preview(draft => Run(draft, utf8, prune));

    private ApplyOutcome Run(RegistryDraft draft, ReadOnlyMemory<byte> utf8, bool prune) =>
        apply.Run(draft, reader.Read(utf8.Span, draft.Mistakes), prune);
}
