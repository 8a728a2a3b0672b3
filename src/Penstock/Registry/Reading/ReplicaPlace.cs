using Penstock.Engines.RunPod;
using Penstock.Registry.Changes;

namespace Penstock.Registry.Reading;

/// <summary>Reads where a replica is: at a URL, or at an endpoint of RunPod.</summary>
internal static class ReplicaPlace
{
    private const string Url = "url";
    private const string RunPod = "runpod";
    private const string Mode = "mode";
    private const string ApiHost = "api.runpod.ai";

    /// <returns>The place as it is kept, empty when there is none, and the field that names it.</returns>
    public static (string Place, string Field) Read(Fields replica)
    {
        if (replica.HasValue(RunPod))
        {
            if (replica.HasValue(Url))
            {
                replica.Report(Url, MistakeCodes.InvalidValue, $"give one of {Url} and {RunPod}, not both");
            }

            return (OfEndpoint(replica), RunPod);
        }

        if (replica.HasValue(Mode))
        {
            replica.Report(Mode, MistakeCodes.InvalidValue, $"belongs to {RunPod}, which is not given");
        }

        return (OfUrl(replica), Url);
    }

    private static string OfEndpoint(Fields replica)
    {
        var id = replica.Text(RunPod, "");
        var mode =
            replica.Text(Mode, RunPodEndpoint.QueueWord, RunPodEndpoint.QueueWord) == RunPodEndpoint.QueueWord
                ? RunPodMode.Queue
                : RunPodMode.LoadBalancer;
        return id.Length > 0 ? new RunPodEndpoint(id, mode).ToString() : "";
    }

    private static string OfUrl(Fields replica)
    {
        if (!replica.HasValue(Url))
        {
            replica.Report(
                "",
                MistakeCodes.Missing,
                $"replica needs \"{Url}\", or \"{RunPod}\" for an endpoint of RunPod"
            );
            return "";
        }

        var (url, problem) = ReplicaRules.Normalize(replica.Text(Url, ""));
        if (url is not null && new Uri(url).Host == ApiHost)
        {
            // Behind this URL every question is a job, a health check too.
            problem = $"is an endpoint of RunPod: give its id as {RunPod}";
        }

        // Of a value of another type the reader has told already.
        if (problem is not null && replica.Scalar(Url) is { Form: ScalarForm.Text })
        {
            replica.Report(Url, MistakeCodes.InvalidValue, problem);
        }

        return url ?? "";
    }
}
