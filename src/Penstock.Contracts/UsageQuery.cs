namespace Penstock.Contracts;

/// <summary>What usage is asked for.</summary>
/// <param name="By"><c>model</c>, <c>key</c> or <c>day</c>; absent: model.</param>
/// <param name="Since">A duration such as <c>7d</c>; absent: 7d.</param>
/// <param name="Workspace">Name or id; absent: all.</param>
public sealed record UsageQuery(string? By = null, string? Since = null, string? Workspace = null)
{
    internal string On(Page page)
    {
        var query = page.Query(Workspace);
        foreach (var (name, value) in new[] { ("by", By), ("since", Since) })
        {
            if (value is not null)
            {
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
            }
        }

        return query;
    }
}
