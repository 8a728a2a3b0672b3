using System.Text.RegularExpressions;
using Penstock.Hosting;
using Penstock.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace Penstock.Tests.Docs;

/// <summary>What deploy/ hands to the program is what the program takes.</summary>
public sealed partial class DeploymentFilesTests
{
    private const string Chart = "deploy/helm/penstock";

    private static IEnumerable<string> Templates =>
        Directory
            .EnumerateFiles(Path.Combine(SourceTree.Root, Chart, "templates"))
            .Select(file => Path.GetRelativePath(SourceTree.Root, file));

    public static TheoryData<string> Files => [.. Templates, "deploy/compose.yaml"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_flag_is_an_option_of_serve(string file)
    {
        var options = ServeVerb.Create().Options.Select(option => option.Name);

        Assert.Subset(options.ToHashSet(), Found(Flag(), file));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_setting_is_in_the_table_of_settings(string file)
    {
        var settings = MarkdownTable.Read("configuration.md", "| key | default | range |").Select(row => row[0]);
        var found = Found(Variable(), file).Select(name => name.Replace("__", ":", StringComparison.Ordinal));

        Assert.Subset(settings.ToHashSet(), found.Concat(Found(Setting(), file)).ToHashSet());
    }

    [Fact]
    public void Probes_and_the_balancer_ask_where_the_health_is_told()
    {
        var asked = Found(HealthPath(), $"{Chart}/templates/deployment.yaml")
            .Union(Found(HealthPath(), "deploy/haproxy.cfg"));

        Assert.All(
            asked,
            path =>
                Assert.Contains(
                    $"MapGet(\"{path}\"",
                    Blank().Replace(SourceTree.Read("src/Penstock/Hosting/HealthEndpoints.cs"), ""),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Every_value_that_a_template_uses_has_a_default()
    {
        var values = Paths(Yaml($"{Chart}/values.yaml")).ToHashSet(StringComparer.Ordinal);

        Assert.All(Templates, file => Assert.Subset(values, Found(Value(), file)));
    }

    [Fact]
    public void The_schema_of_the_values_has_a_line_for_each()
    {
        var values = Paths(Yaml($"{Chart}/values.yaml"), deep: false);
        var schema = (YamlMappingNode)Yaml($"{Chart}/values.schema.json")["properties"];
        // Helm adds it itself.
        var described = Paths(schema, deep: false).Where(name => name != "global");

        Assert.Equal(values.Order(), described.Order());
    }

    [Fact]
    public void The_chart_is_of_the_version_that_is_built()
    {
        var chart = Yaml($"{Chart}/Chart.yaml");

        Assert.Equal(chart["version"].ToString(), chart["appVersion"].ToString());
        Assert.Contains(
            $"<VersionPrefix>{chart["version"]}</VersionPrefix>",
            SourceTree.Read("Directory.Build.props"),
            StringComparison.Ordinal
        );
    }

    private static YamlMappingNode Yaml(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(SourceTree.Read(file)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static IEnumerable<string> Paths(YamlMappingNode node, bool deep = true, string prefix = "")
    {
        foreach (var (key, value) in node.Children)
        {
            yield return prefix + key;
            if (deep && value is YamlMappingNode inner)
            {
                foreach (var path in Paths(inner, deep, $"{prefix}{key}."))
                {
                    yield return path;
                }
            }
        }
    }

    private static HashSet<string> Found(Regex form, string file) =>
        form.Matches(SourceTree.Read(file))
            .Select(match => match.Groups["found"].Value)
            .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^\s+- (?<found>--[a-z-]+)$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Flag();

    [GeneratedRegex(@"PENSTOCK__(?<found>[A-Za-z_]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"[""\s](?<found>[A-Z][A-Za-z]+:[A-Z][A-Za-z:]+)=",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<found>/health/[a-z]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HealthPath();

    [GeneratedRegex(@"\.Values\.(?<found>[A-Za-z.]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Value();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blank();
}
