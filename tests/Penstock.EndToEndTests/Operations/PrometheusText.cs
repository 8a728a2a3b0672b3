using System.Globalization;
using System.Text.RegularExpressions;

namespace Penstock.EndToEndTests.Operations;

/// <summary>One sample of the text exposition format.</summary>
internal sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public bool Is(string name, params (string Name, string Value)[] labels) =>
        Name == name && labels.All(label => Labels.GetValueOrDefault(label.Name) == label.Value);
}

/// <summary>
/// A strict reader of the text exposition format, with the checks that <c>promtool check metrics</c> makes: known
/// types, a type before its samples, no series twice, buckets that only grow.
/// </summary>
internal static partial class PrometheusText
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    public static IReadOnlyList<PrometheusSample> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var samples = new List<PrometheusSample>();
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var series = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                ReadComment(line, types);
                continue;
            }

            var match = Sample().Match(line);
            Assert.True(match.Success, $"Not a sample: {line}");
            Assert.True(series.Add(match.Groups["name"].Value + match.Groups["labels"].Value), $"Twice: {line}");
            var sample = ReadSample(match);
            Assert.True(Family(sample.Name, types) is not null, $"No TYPE before: {line}");
            samples.Add(sample);
        }

        AssertBucketsGrow(samples);
        return samples;
    }

    private static void ReadComment(string line, Dictionary<string, string> types)
    {
        var words = line.Split(' ', 4);
        if (words is ["#", "TYPE", var name, var type])
        {
            Assert.Contains(type, Types);
            Assert.True(types.TryAdd(name, type), $"Typed twice: {name}");
            Assert.True(
                type != "counter" || name.EndsWith("_total", StringComparison.Ordinal),
                $"A counter ends in _total: {name}"
            );
        }
    }

    private static PrometheusSample ReadSample(Match match)
    {
        var labels = Label()
            .Matches(match.Groups["labels"].Value)
            .ToDictionary(
                label => label.Groups["name"].Value,
                label => label.Groups["value"].Value,
                StringComparer.Ordinal
            );
        var value = match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        };
        return new PrometheusSample(match.Groups["name"].Value, labels, value);
    }

    private static string? Family(string name, Dictionary<string, string> types) =>
        ((string[])["", "_bucket", "_sum", "_count"])
            .Where(suffix => name.EndsWith(suffix, StringComparison.Ordinal))
            .Select(suffix => name[..^suffix.Length])
            .FirstOrDefault(types.ContainsKey);

    private static void AssertBucketsGrow(IEnumerable<PrometheusSample> samples)
    {
        var histograms = samples
            .Where(sample => sample.Name.EndsWith("_bucket", StringComparison.Ordinal))
            .GroupBy(
                sample =>
                    sample.Name
                    + string.Join(
                        ',',
                        sample
                            .Labels.Where(label => label.Key != "le")
                            .Select(label => $"{label.Key}={label.Value}")
                            .Order(StringComparer.Ordinal)
                    ),
                StringComparer.Ordinal
            );
        foreach (var histogram in histograms)
        {
            var values = histogram.Select(sample => sample.Value).ToList();
            Assert.Equal(values.Order(), values);
            Assert.Equal("+Inf", histogram.Last().Labels["le"]);
        }
    }

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\.)*",?)*\})? (?<value>\S+)( -?[0-9]+)?$""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Sample();

    [GeneratedRegex(
        """(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\.)*)" """,
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Label();
}
