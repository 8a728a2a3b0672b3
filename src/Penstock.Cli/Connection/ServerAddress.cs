using System.CommandLine;

namespace Penstock.Cli.Connection;

/// <summary>Which gateway, and the token it asks for.</summary>
internal sealed record ServerAddress(Uri Url, AdminToken Token)
{
    public const string Variable = "PENSTOCK_SERVER";

    /// <summary>Where <c>serve</c> listens unless told otherwise.</summary>
    public const string Default = "http://127.0.0.1:8080";

    public static ServerAddress From(ParseResult parse, ServerOptions options, Surroundings surroundings)
    {
        var url = ParseUrl(parse.GetValue(options.Server), surroundings.Variable(Variable));
        return new ServerAddress(url, AdminToken.Find(parse, options, url, surroundings));
    }

    private static Uri ParseUrl(string? option, string? variable)
    {
        var (source, text) = option is not null ? ("--server", option) : (Variable, variable ?? Default);
        return
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? url
            : throw VerbFailure.Usage($"{source} is \"{text}\", not an address such as {Default}.");
    }
}
