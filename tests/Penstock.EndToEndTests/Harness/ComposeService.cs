namespace Penstock.EndToEndTests.Harness;

/// <summary>One service of a compose file: what its container runs, and with which environment.</summary>
internal sealed record ComposeService(
    string Name,
    string Image,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment
)
{
    /// <summary>The same arguments on this machine: only addresses and paths differ.</summary>
    public IReadOnlyList<string> On(LoopbackPlace place)
    {
        var arguments = Arguments.ToArray();
        Change(arguments, "--urls", _ => $"http://127.0.0.1:{place.Port}");
        Change(arguments, "--data", _ => place.Data);
        Change(arguments, "--config", _ => place.Config);
        Change(
            arguments,
            "--database",
            text => Exchange(text, "Host=postgres", $"Host=127.0.0.1;Port={place.Postgres}")
        );
        Change(arguments, "--redis", text => Exchange(text, "valkey:6379", $"127.0.0.1:{place.Valkey}"));
        return arguments;
    }

    private static void Change(string[] arguments, string flag, Func<string, string> change)
    {
        var at = Array.IndexOf(arguments, flag);
        if (at < 0)
        {
            throw new InvalidOperationException($"The service has no {flag}.");
        }

        arguments[at + 1] = change(arguments[at + 1]);
    }

    private static string Exchange(string text, string old, string @new) =>
        text.Contains(old, StringComparison.Ordinal)
            ? text.Replace(old, @new, StringComparison.Ordinal)
            : throw new InvalidOperationException($"There is no {old} in {text}.");
}
