namespace Penstock.Limits;

/// <summary>What a key or workspace has used of the current day and month, and spent ever.</summary>
internal sealed record UsedSoFar(Outlay Today, Outlay ThisMonth, long SpentEver);
