namespace Penstock.Storage;

/// <summary>The ledger's questions, in the words that all our databases understand.</summary>
internal static class UsageSql
{
    public const string SelectSpending = "SELECT workspace_id, cost FROM spending";

    public const string SumByModel = "SELECT model," + Sums + "GROUP BY model ORDER BY model";
    public const string SumByKey = "SELECT key_id, workspace_id," + Sums + "GROUP BY key_id, workspace_id";
    public const string SumByDay = "SELECT hour / 24," + Sums + "GROUP BY hour / 24 ORDER BY hour / 24";
    public const string SumByWorkspace = "SELECT workspace_id," + Sums + "GROUP BY workspace_id";

    private const string Sums = """
         CAST(sum(requests) AS bigint), CAST(sum(errors) AS bigint), CAST(sum(prompt_tokens) AS bigint),
               CAST(sum(completion_tokens) AS bigint), CAST(sum(cached_tokens) AS bigint),
               CAST(sum(reasoning_tokens) AS bigint), CAST(sum(cost) AS bigint)
        FROM hourly_sums
        WHERE hour >= @from AND (@workspace_id IS NULL OR workspace_id = @workspace_id)

        """;
}
