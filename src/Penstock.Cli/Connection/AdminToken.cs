using System.CommandLine;

namespace Penstock.Cli.Connection;

/// <summary>The management API's token and where it was found. The option wins, then the variable, then the file.</summary>
internal sealed record AdminToken(string Value, string Source)
{
    public const string Variable = "PENSTOCK_ADMIN_TOKEN";
    public const string FileName = "admin-token";
    private const string DefaultFolder = "data";

    public static AdminToken Find(ParseResult parse, ServerOptions options, Uri server, Surroundings surroundings)
    {
        if (parse.GetValue(options.AdminToken) is { } option)
        {
            return Checked(option, "--admin-token");
        }

        return surroundings.Variable(Variable) is { } variable
            ? Checked(variable, Variable)
            : OfFile(parse.GetValue(options.Data), server, surroundings.CurrentDirectory);
    }

    /// <summary>Without the value.</summary>
    public override string ToString() => $"AdminToken {{ Source = {Source} }}";

    private static AdminToken OfFile(string? folder, Uri server, string currentDirectory)
    {
        // The file is this machine's token: another machine gets it only if somebody says so.
        if (folder is null && !server.IsLoopback)
        {
            throw VerbFailure.Failed($"no admin token for {server}: set {Variable}, or give --admin-token or --data.");
        }

        var path = Path.GetFullPath(Path.Combine(currentDirectory, folder ?? DefaultFolder, FileName));
        try
        {
            // Longer than any token, and no more of a file that is something else.
            using var reader = new StreamReader(path);
            var buffer = new char[4096];
            var length = reader.ReadBlock(buffer);
            return Checked(new string(buffer, 0, length).Trim(), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw VerbFailure.Failed(
                $"no admin token: there is no {path}. Name the gateway's data folder with --data, "
                    + $"or set {Variable}."
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VerbFailure.Failed($"cannot read the admin token in {path}: {e.Message}");
        }
    }

    private static AdminToken Checked(string value, string source) =>
        value.Length > 0 && value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? new AdminToken(value, source)
            : throw VerbFailure.Failed($"the admin token from {source} is not a word of printable ASCII.");
}
