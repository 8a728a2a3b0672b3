namespace Penstock.Cli.Connection;

/// <summary>Says why a server could not be reached, and what to do.</summary>
internal static class Unreachable
{
    public static string Explain(Uri server, HttpRequestException e)
    {
        var url = server.GetLeftPart(UriPartial.Authority);
        return e.HttpRequestError switch
        {
            HttpRequestError.ConnectionError =>
                $"no gateway answers at {url} ({Reason(e)}). Start one with: penstock serve. "
                    + $"If it listens elsewhere, name it with --server URL or {ServerAddress.Variable}.",
            HttpRequestError.NameResolutionError => $"there is no host \"{server.Host}\" ({Reason(e)}).",
            HttpRequestError.SecureConnectionError => $"no secure connection to {url}: {Reason(e)}",
            HttpRequestError.InvalidResponse =>
                $"{url} does not speak HTTP as Penstock does: {Reason(e)} Check the address and http or https.",
            HttpRequestError.ConfigurationLimitExceeded => $"the answer of {url} is too long: {Reason(e)}",
            _ => $"the connection to {url} broke: {Reason(e)}",
        };
    }

    private static string Reason(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e.Message;
    }
}
