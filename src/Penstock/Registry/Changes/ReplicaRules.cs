namespace Penstock.Registry.Changes;

/// <summary>What must hold of a replica on its own.</summary>
internal static class ReplicaRules
{
    private const int LongestUrl = 2048;

    /// <summary>The URL in the form it is kept in; null with what is wrong with it.</summary>
    public static (string? Url, string? Problem) Normalize(string text)
    {
        if (text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return (null, "must be a URL such as http://10.0.0.5:8000");
        }

        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
        {
            return (null, $"must begin with http:// or https://, not {url.Scheme}:");
        }

        if (url.UserInfo.Length > 0)
        {
            return (null, "must hold no user or password: name api_key_env or api_key_file");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0 || text.Contains('?', StringComparison.Ordinal))
        {
            return (null, "must have no query or fragment");
        }

        var plain = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return plain.EndsWith("/v1", StringComparison.Ordinal)
            ? (null, "must not end in /v1: the gateway adds it")
            : (plain, null);
    }
}
