namespace Penstock.Contracts;

/// <summary>Which part of a list: up to <paramref name="Limit"/> rows (absent: the server's default) after a cursor.</summary>
public sealed record Page(int? Limit = null, string? Cursor = null)
{
    /// <summary>The most rows that the server gives at once.</summary>
    public const int MaxLimit = 500;

    /// <summary>The largest first page: the fewest calls for a whole list.</summary>
    public static Page Largest { get; } = new(MaxLimit);

    internal string Query(string? workspace = null)
    {
        List<string> parts = [];
        Add("workspace", workspace);
        Add("limit", Limit?.ToString());
        Add("cursor", Cursor);
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
    }
}
