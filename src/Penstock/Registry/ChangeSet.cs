namespace Penstock.Registry;

/// <summary>What is stored together or not at all: records and the audit of their change.</summary>
internal sealed record ChangeSet(IReadOnlyList<RecordChange> Records, IReadOnlyList<AuditEntry> Audit);
