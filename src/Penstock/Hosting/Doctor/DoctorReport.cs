using System.Text.Json;

namespace Penstock.Hosting.Doctor;

/// <summary>What the doctor found, in the order of the checks, for people or for programs.</summary>
internal sealed class DoctorReport(IReadOnlyList<Finding> findings)
{
    public bool HasProblem => Count(CheckStatus.Problem) > 0;

    public void WriteJson(TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(new DoctorDocument(findings), DoctorJson.Default.DoctorDocument));

    public void WriteText(TextWriter output)
    {
        var statusWidth = Width(finding => finding.Status.ToString());
        var nameWidth = Width(finding => finding.Name);
        var indent = new string(' ', statusWidth + nameWidth + 4);
        foreach (var finding in findings)
        {
            var status = finding.Status.ToString().ToLowerInvariant().PadRight(statusWidth);
            output.WriteLine($"{status}  {finding.Name.PadRight(nameWidth)}  {Printable(finding.Seen)}");
            if (finding.Advice is { } advice)
            {
                output.WriteLine($"{indent}=> {Printable(advice)}");
            }
        }

        output.WriteLine();
        output.WriteLine($"problems: {Count(CheckStatus.Problem)}, warnings: {Count(CheckStatus.Warning)}");
    }

    private int Count(CheckStatus status) => findings.Count(finding => finding.Status == status);

    private int Width(Func<Finding, string> text) => findings.Max(finding => text(finding).Length);

    /// <summary>What was seen may come from elsewhere: no control character of it reaches the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
