using System.Globalization;
using System.Text;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>Metrics in the text format of Prometheus, one engine's names and labels.</summary>
/// <param name="labels">What every line carries: <c>model_name="m"</c>; empty for none.</param>
/// <param name="asPython">Whether numbers are printed as Python's client prints floats: 3 is 3.0.</param>
internal sealed class PrometheusText(string labels, bool asPython = true)
{
    private readonly StringBuilder _text = new(4096);

    public static string Escaped(string label) =>
        label
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    public PrometheusText Gauge(string name, string help, double value) =>
        Header(name, "gauge", help).Line(name, value);

    public PrometheusText Counter(string name, string help, double value) =>
        Header(name, "counter", help).Line(name, value);

    /// <summary>A counter by reason: every reason has its line, at zero too.</summary>
    public PrometheusText Reasons(
        string name,
        string help,
        string label,
        IEnumerable<string> reasons,
        IEnumerable<KeyValuePair<string, long>> counted
    )
    {
        Header(name, "counter", help);
        var counts = counted.ToDictionary(StringComparer.Ordinal);
        foreach (var reason in reasons)
        {
            Line(name, counts.GetValueOrDefault(reason), $"{label}=\"{reason}\"");
        }

        return this;
    }

    public PrometheusText Histogram(string name, string help, DurationHistogram histogram)
    {
        Header(name, "histogram", help);
        for (var i = 0; i < DurationHistogram.Bounds.Length; i++)
        {
            Line($"{name}_bucket", histogram.CountUpTo(i), $"le=\"{Number(DurationHistogram.Bounds[i])}\"");
        }

        return Line($"{name}_bucket", histogram.Count, "le=\"+Inf\"")
            .Line($"{name}_count", histogram.Count)
            .Line($"{name}_sum", histogram.SumSeconds);
    }

    public PrometheusText Header(string name, string type, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <param name="name">The series.</param>
    /// <param name="value">Its value now.</param>
    /// <param name="more">Further labels.</param>
    public PrometheusText Line(string name, double value, string more = "")
    {
        var all = labels.Length > 0 && more.Length > 0 ? $"{labels},{more}" : labels + more;
        _text.Append(name);
        if (all.Length > 0)
        {
            _text.Append('{').Append(all).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
        return this;
    }

    public HttpReply Reply(string contentType) => new(200, contentType, Encoding.UTF8.GetBytes(_text.ToString()));

    private string Number(double value) =>
        Math.Floor(value).Equals(value) && value < 1e16
            ? value.ToString(asPython ? "F1" : "F0", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}
