using System.CommandLine;
using System.CommandLine.Parsing;
using Penstock.Contracts;

namespace Penstock.Cli.Parsing;

/// <summary>
/// Where replicas listen: <c>--replica http://10.0.0.5:8000</c>, or with a share <c>...,weight=2</c>; an endpoint at
/// RunPod is <c>--replica runpod:ID</c> or <c>--replica runpod:ID:load_balancer</c>.
/// </summary>
internal static class ReplicaOption
{
    private const string RunPodMark = "runpod:";
    private const string WeightMark = ",weight=";

    public static Option<IReadOnlyList<ReplicaShape>?> Create(bool required) =>
        new("--replica")
        {
            Description = "Address of an engine, or runpod:ID, repeatable; a larger share of the traffic: URL,weight=2",
            HelpName = "URL",
            Required = required,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseAll,
        };

    private static List<ReplicaShape>? ParseAll(ArgumentResult result)
    {
        List<ReplicaShape> replicas = [];
        foreach (var token in result.Tokens)
        {
            if (Parse(token.Value) is { } replica)
            {
                replicas.Add(replica);
                continue;
            }

            result.AddError(
                $"--replica: \"{token.Value}\" is not an address such as http://10.0.0.5:8000 "
                    + "or http://10.0.0.5:8000,weight=2, nor an endpoint such as runpod:ID or runpod:ID:load_balancer."
            );
            return null;
        }

        return replicas;
    }

    private static ReplicaShape? Parse(string text)
    {
        int? weight = null;
        var url = text;
        if (text.LastIndexOf(WeightMark, StringComparison.Ordinal) is >= 0 and var mark)
        {
            if (!int.TryParse(text.AsSpan(mark + WeightMark.Length), out var number) || number < 1)
            {
                return null;
            }

            (url, weight) = (text[..mark], number);
        }

        if (url.StartsWith(RunPodMark, StringComparison.Ordinal))
        {
            return url[RunPodMark.Length..].Split(':') switch
            {
                [{ Length: > 0 } id] => new ReplicaShape { Runpod = id, Weight = weight },
                [{ Length: > 0 } id, "queue" or "load_balancer"] parts => new ReplicaShape
                {
                    Runpod = id,
                    Mode = parts[1],
                    Weight = weight,
                },
                _ => null,
            };
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? new ReplicaShape { Url = url, Weight = weight }
            : null;
    }
}
