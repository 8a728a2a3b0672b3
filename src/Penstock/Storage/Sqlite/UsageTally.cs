using Penstock.Metering;

namespace Penstock.Storage.Sqlite;

/// <summary>What one batch adds to one hour of one key and model.</summary>
internal sealed class UsageTally
{
    public long Requests { get; private set; }
    public long Errors { get; private set; }
    public long Prompt { get; private set; }
    public long Completion { get; private set; }
    public long Cached { get; private set; }
    public long Reasoning { get; private set; }
    public long Cost { get; private set; }

    public void Add(in UsageRecord row)
    {
        Requests++;
        Errors += row.Failed ? 1 : 0;
        Prompt += row.Tokens?.Prompt ?? 0;
        Completion += row.Tokens?.Completion ?? 0;
        Cached += row.Tokens?.Cached ?? 0;
        Reasoning += row.Tokens?.Reasoning ?? 0;
        Cost += row.Cost;
    }
}
