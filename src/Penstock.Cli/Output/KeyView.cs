using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>Keys on stdout.</summary>
internal static class KeyView
{
    public static void Show(Report report, KeyResource key)
    {
        if (report.IsJson)
        {
            report.Json(key, ContractsJson.Default.KeyResource);
            return;
        }

        if (key.Secret is { } secret)
        {
            report.Line($"Key: {secret}");
            report.Line("Keep it now: it is not shown again.");
            report.Line("");
        }

        report.Card(Members(key));
    }

    public static void Show(Report report, IReadOnlyList<KeyResource> keys, DateTimeOffset now)
    {
        if (report.IsJson)
        {
            report.Json(keys, ContractsJson.Default.IReadOnlyListKeyResource);
            return;
        }

        report.Table(
            ["workspace", "name", "key", "rpm", "models", "state", "id"],
            keys.Select(k =>
                (IReadOnlyList<string>)
                    [k.Workspace, k.Name, k.Hint, Limit(k.RequestsPerMinute), Models(k), State(k, now), k.Id.ToString()]
            )
        );
    }

    private static IEnumerable<(string, string)> Members(KeyResource key)
    {
        yield return ("name", key.Name);
        yield return ("workspace", key.Workspace);
        yield return ("key", key.Hint);
        yield return ("id", key.Id.ToString());
        yield return ("rpm", Limit(key.RequestsPerMinute));
        yield return ("burst", Limit(key.Burst));
        yield return ("limits", key.Limits is null ? "plan" : AllowanceText.Of(key.Limits));
        yield return ("models", Models(key));
        yield return ("permissions", key.Permissions.Count == 0 ? "none" : string.Join(", ", key.Permissions));
        yield return ("expires", Moment.Of(key.ExpiresAt, "never"));
        if (key.RevokedAt is { } revoked)
        {
            yield return ("revoked", Moment.Of(revoked));
        }

        if (key.RotatedFrom is { } old)
        {
            yield return ("rotated from", old.ToString());
        }

        yield return ("created", Moment.Of(key.CreatedAt));
    }

    private static string Limit(int? own) => own?.ToString() ?? "plan";

    private static string Models(KeyResource key) => key.Models is null ? "all" : string.Join(", ", key.Models);

    private static string State(KeyResource key, DateTimeOffset now) =>
        key switch
        {
            { RevokedAt: { } at } => $"revoked {Moment.Of(at)}",
            { ExpiresAt: { } at } when at <= now => $"expired {Moment.Of(at)}",
            { ExpiresAt: { } at } => $"until {Moment.Of(at)}",
            _ => "active",
        };
}
