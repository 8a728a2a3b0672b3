using Penstock.Cli.Connection;
using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>Failures on stderr: <c>error: message (code)</c>, then every detail with its line.</summary>
internal sealed class FailureReport(TextWriter error)
{
    public void Write(string message) => error.WriteLine($"error: {Printable.Of(message)}");

    public void Write(ManagementException refusal, AdminToken token)
    {
        var code = refusal.Code is { } known ? $" ({known})" : "";
        error.WriteLine($"error: {Printable.Of(refusal.Message + code)}");
        foreach (var detail in refusal.Details)
        {
            error.WriteLine($"  {Place(detail)}{Printable.Of(detail.Message)}");
        }

        if (refusal.Status == 401)
        {
            error.WriteLine($"The admin token was taken from {token.Source}.");
        }
    }

    private static string Place(ErrorDetail detail) =>
        detail switch
        {
            { Line: { } line, Column: { } column } => $"line {line}, column {column}: ",
            { Line: { } line } => $"line {line}: ",
            _ => "",
        };
}
