namespace Penstock.Metering;

/// <summary>What usage is asked for.</summary>
/// <param name="From">From the beginning of the hour that this moment is in.</param>
/// <param name="WorkspaceId">One workspace; null: all.</param>
internal sealed record UsageQuestion(UsageGrouping By, DateTimeOffset From, Guid? WorkspaceId);
