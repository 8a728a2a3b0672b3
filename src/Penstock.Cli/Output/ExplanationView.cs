using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>A request's way on stdout.</summary>
internal static class ExplanationView
{
    public static void Show(Report report, RequestExplanation explanation)
    {
        if (report.IsJson)
        {
            report.Json(explanation, ContractsJson.Default.RequestExplanation);
            return;
        }

        report.Card(Members(explanation));
        report.Line("");
        report.Table(["ms", "step", "what", "load", "score", "how"], explanation.Steps.Select(Row));
        if (explanation.LeftOut > 0)
        {
            report.Say($"{explanation.LeftOut} later steps were not kept.");
        }
    }

    private static IEnumerable<(string, string)> Members(RequestExplanation explanation)
    {
        yield return ("request", explanation.RequestId);
        yield return ("workspace", explanation.Workspace ?? "unknown");
        yield return ("model", explanation.Model ?? "none");
        yield return ("started", Moment.Of(explanation.StartedAt));
        yield return ("ending", $"{explanation.Ending}, status {explanation.Status}");
        yield return ("took", $"{Number(explanation.DurationMs)} ms");
        yield return (
            "first byte",
            explanation.FirstByteMs is { } first ? $"after {Number(first)} ms" : "there was none"
        );
        yield return ("held back by", explanation.LimitedBy ?? "nobody");
    }

    private static IReadOnlyList<string> Row(ExplainedStep step) =>
        [
            Number(step.AtMs),
            step.Step,
            step.Replica ?? (step.Deployment is { } id ? $"{step.Model} {id}" : ""),
            step.Load is { } load ? Number(load) : "",
            step.Score is { } score ? Number(score) : "",
            string.Join(
                ", ",
                new[]
                {
                    step.Policy is { } policy ? $"policy {policy}" : null,
                    step.Standing,
                    step.Text,
                    step.Status is { } status ? $"status {status}" : null,
                }.OfType<string>()
            ),
        ];

    private static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
