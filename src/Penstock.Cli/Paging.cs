using Penstock.Contracts;

namespace Penstock.Cli;

/// <summary>Reads a list to its end.</summary>
internal static class Paging
{
    public static async Task<IReadOnlyList<T>> AllAsync<T>(
        Func<Page, CancellationToken, Task<ResourceList<T>>> read,
        CancellationToken cancel
    )
    {
        List<T> all = [];
        var page = Page.Largest;
        while (true)
        {
            var answer = await read(page, cancel);
            all.AddRange(answer.Data);
            // A server that hands out the same cursor again would have us read for ever.
            if (answer.NextCursor is null || answer.NextCursor == page.Cursor)
            {
                return all;
            }

            page = page with { Cursor = answer.NextCursor };
        }
    }
}
