using System.CommandLine;

namespace Penstock.Cli.Connection;

/// <summary>The options that every management verb takes.</summary>
internal sealed class ServerOptions
{
    public Option<string?> Server { get; } =
        new("--server")
        {
            Description = $"The gateway to manage (or {ServerAddress.Variable}; default {ServerAddress.Default})",
            HelpName = "URL",
            Recursive = true,
        };

    public Option<string?> AdminToken { get; } =
        new("--admin-token")
        {
            Description = $"Better given as {Connection.AdminToken.Variable}: a command line is seen by every process",
            HelpName = "TOKEN",
            Recursive = true,
        };

    public Option<string?> Data { get; } =
        new("--data")
        {
            Description = "The gateway's data folder, for its admin token (default ./data)",
            HelpName = "DIR",
            Recursive = true,
        };

    public Option<bool> Json { get; } =
        new("--json") { Description = "One JSON document on stdout, nothing else", Recursive = true };

    public void AddTo(Command command)
    {
        command.Add(Server);
        command.Add(AdminToken);
        command.Add(Data);
        command.Add(Json);
    }
}
