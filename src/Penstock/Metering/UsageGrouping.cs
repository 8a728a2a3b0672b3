namespace Penstock.Metering;

/// <summary>What sums are kept apart by.</summary>
internal enum UsageGrouping
{
    Model,
    Key,

    /// <summary>Days of UTC.</summary>
    Day,

    Workspace,
}
