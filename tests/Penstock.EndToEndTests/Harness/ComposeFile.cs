using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// deploy/compose.yaml as compose reads it: anchors merged, variables put in. What the tests start of it is what an
/// operator starts, less the containers.
/// </summary>
internal sealed partial class ComposeFile
{
    private ComposeFile(IReadOnlyList<ComposeService> services) => Services = services;

    public static string Path => System.IO.Path.Combine(Built.Repository, "deploy", "compose.yaml");

    public IReadOnlyList<ComposeService> Services { get; }

    /// <summary>Those that run our image, in the order of the file.</summary>
    public IEnumerable<ComposeService> Gateways =>
        Services.Where(service => service.Image.StartsWith("penstock:", StringComparison.Ordinal));

    /// <param name="variables">What .env holds.</param>
    /// <exception cref="InvalidOperationException">A variable that the file demands has no value.</exception>
    public static ComposeFile Read(IReadOnlyDictionary<string, string> variables) =>
        Parse(File.ReadAllText(Path), variables);

    public static ComposeFile Parse(string text, IReadOnlyDictionary<string, string> variables)
    {
        var document = new DeserializerBuilder()
            .Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(text))));
        var services = (Dictionary<object, object>)document["services"];
        return new ComposeFile([.. services.Select(service => Service((string)service.Key, service.Value, variables))]);
    }

    private static ComposeService Service(string name, object body, IReadOnlyDictionary<string, string> variables)
    {
        var fields = (Dictionary<object, object>)body;
        var command = fields.GetValueOrDefault("command") as List<object> ?? [];
        var environment = fields.GetValueOrDefault("environment") as Dictionary<object, object> ?? [];
        return new ComposeService(
            name,
            Fill((string)fields["image"], variables),
            [.. command.Select(argument => Fill((string)argument, variables))],
            environment.ToDictionary(
                variable => (string)variable.Key,
                variable => Fill((string)variable.Value, variables),
                StringComparer.Ordinal
            )
        );
    }

    /// <summary>The forms that the file uses: <c>${A}</c>, <c>${A:-default}</c>, <c>${A:?}</c> and <c>$$</c>.</summary>
    private static string Fill(string text, IReadOnlyDictionary<string, string> variables) =>
        Variable()
            .Replace(
                text,
                match =>
                {
                    var name = match.Groups["name"].Value;
                    if (name.Length == 0)
                    {
                        return "$";
                    }

                    if (variables.TryGetValue(name, out var value) && value.Length > 0)
                    {
                        return value;
                    }

                    return match.Groups["demand"].Success
                        ? throw new InvalidOperationException($"{name} has no value.")
                        : match.Groups["default"].Value;
                }
            );

    [GeneratedRegex(
        @"\$\$|\$\{(?<name>\w+)(:-(?<default>[^}]*)|(?<demand>:\?)[^}]*)?\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Variable();
}
