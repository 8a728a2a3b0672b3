using Penstock.Registry.Changes;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Registry.Reading;

/// <summary>Reads a deployment onto what is there, or onto a new one.</summary>
internal static class DeploymentReader
{
    private static readonly string[] CredentialFields = ["api_key", "api_key_env", "api_key_file"];

    public static Declared<DeploymentSpec> Read(Fields fields, DeploymentSpec from)
    {
        var backend = fields.Text("backend", from.Backend);
        var spec = new DeploymentSpec
        {
            Id = fields.Uuid("id", from.Id),
            Workspace = fields.Text("workspace", from.Workspace),
            Model = fields.Text("model", from.Model),
            UpstreamModel = fields.Text("upstream_model", from.UpstreamModel, ""),
            Backend = backend,
            Replicas = fields.Has("replicas") ? Replicas(fields) : from.Replicas,
            Limits = Limits(fields, from.Limits),
            Defaults = Defaults(fields, from.Defaults),
            Timeouts = Timeouts(fields, from, backend),
            Attempts = Attempts(fields, from.Attempts),
            Routing = Routing(fields, from.Routing),
            Continuity = ContinuityWords.Of(
                fields.Text("continuity", from.Continuity.Word(), DeploymentSpec.New.Continuity.Word())
            ),
            Price = MoneyReader.Price(fields, from.Price),
            Usage = Usage(fields, from.Usage),
            Fallbacks = fields.Texts("fallbacks", from.Fallbacks, []) ?? [],
        };
        if (!Backends.IsAtRunPod(spec.Backend) && spec.Replicas.Any(replica => replica.Record.RunPod is not null))
        {
            fields.Report(
                "backend",
                MistakeCodes.InvalidValue,
                $"must be {Backends.RunPod}vllm or the like: a replica is at RunPod"
            );
        }

        return new Declared<DeploymentSpec>(spec, fields.At);
    }

    private static List<ReplicaSpec> Replicas(Fields fields)
    {
        var replicas = new List<ReplicaSpec>();
        foreach (var replica in fields.Objects("replicas"))
        {
            var (url, field) = ReplicaPlace.Read(replica);
            if (url.Length > 0 && replicas.Exists(other => other.Record.Url == url))
            {
                replica.Report(field, MistakeCodes.InvalidValue, "is there twice");
            }

            replicas.Add(Replica(replica, url));
        }

        return replicas;
    }

    private static ReplicaSpec Replica(Fields fields, string url)
    {
        var given = CredentialFields.Where(fields.HasValue).ToList();
        if (given.Count > 1)
        {
            var message = $"give one of {string.Join(" and ", given)}, not both";
            fields.Report(given[1], MistakeCodes.InvalidValue, message);
        }

        var credential = fields.TextOrNull("api_key", null);
        if (credential is not null && !UpstreamCredentials.IsSendable(credential))
        {
            fields.Report("api_key", MistakeCodes.InvalidValue, $"must be {UpstreamCredentials.Form}");
        }

        var record = new ReplicaRecord
        {
            Url = url,
            ApiKey = credential is null ? null : new Secret(credential),
            ApiKeyEnv = fields.TextOrNull("api_key_env", null),
            ApiKeyFile = fields.TextOrNull("api_key_file", null),
            Weight = fields.Integer("weight", 1, 1) ?? 1,
            Drained = fields.Boolean("drained", false),
        };
        return new ReplicaSpec(record, CredentialFields.Any(fields.Has), fields.Has("drained"));
    }

    private static DeploymentLimits Limits(Fields fields, DeploymentLimits from)
    {
        var byDefault = new DeploymentLimits();
        if (fields.Object("limits") is not { } limits)
        {
            return fields.Has("limits") ? byDefault : from;
        }

        return new DeploymentLimits
        {
            TopLogprobs = limits.Integer("top_logprobs", from.TopLogprobs, byDefault.TopLogprobs)!.Value,
            N = limits.Integer("n", from.N, byDefault.N)!.Value,
            MaxConcurrency = limits.Integer("max_concurrency", from.MaxConcurrency, byDefault.MaxConcurrency)!.Value,
            Queue = limits.Integer("queue", from.Queue, byDefault.Queue)!.Value,
            QueueWait = limits.Span("queue_wait", from.QueueWait, byDefault.QueueWait),
            StartWait = limits.Span("start_wait", from.StartWait, byDefault.StartWait),
            OutageWait = limits.Span("outage_wait", from.OutageWait, byDefault.OutageWait),
        };
    }

    /// <summary>Replaced whole: a member that is absent adds nothing, which is not what the contract's default does.</summary>
    private static SamplingDefaults Defaults(Fields fields, SamplingDefaults from)
    {
        if (!fields.Has("defaults"))
        {
            return from;
        }

        if (fields.Scalar("defaults") is { } word)
        {
            if (word.Form is ScalarForm.Null)
            {
                return SamplingDefaults.OfTheContract;
            }

            if (word.Text == FieldTables.Deployment["defaults"].Word)
            {
                return SamplingDefaults.OfTheEngine;
            }

            var message = $"must be an object, or the word engine, not {word.Kind}";
            fields.Report("defaults", MistakeCodes.InvalidType, message);
            return from;
        }

        return fields.Object("defaults") is { } defaults
            ? new SamplingDefaults(
                defaults.Long("max_tokens", null, null),
                defaults.Number("temperature", null, null),
                defaults.Number("top_p", null, null)
            )
            : from;
    }

    private static DeploymentTimeouts Timeouts(Fields fields, DeploymentSpec of, string backend)
    {
        var byDefault = Backends.TimeoutsOf(backend);
        var from = of == DeploymentSpec.New ? byDefault : of.Timeouts;
        if (fields.Object("timeouts") is not { } timeouts)
        {
            return fields.Has("timeouts") ? byDefault : from;
        }

        return new DeploymentTimeouts
        {
            Connect = timeouts.Span("connect", from.Connect, byDefault.Connect),
            FirstByte = timeouts.Span("first_byte", from.FirstByte, byDefault.FirstByte),
            Idle = timeouts.Span("idle", from.Idle, byDefault.Idle),
            Total = timeouts.Span("total", from.Total, byDefault.Total),
        };
    }

    private static DeploymentRouting Routing(Fields fields, DeploymentRouting from)
    {
        var byDefault = new DeploymentRouting();
        return new DeploymentRouting
        {
            Policy =
                RoutingPolicyNames.Find(fields.Text("policy", from.Policy.Name(), byDefault.Policy.Name()))
                ?? from.Policy,
            ShareCache = fields.Boolean("share_cache", from.ShareCache),
            EnginePriority = fields.Boolean("engine_priority", from.EnginePriority),
            Hedge = HedgeWords.Of(fields.Text("hedge", from.Hedge.Word(), byDefault.Hedge.Word())),
        };
    }

    private static UsageReporting Usage(Fields fields, UsageReporting from)
    {
        var name = fields.Text("usage", UsageReportingNames.Of(from), UsageReportingNames.Of(UsageReporting.Auto));
        return UsageReportingNames.All.Contains(name, StringComparer.Ordinal) ? UsageReportingNames.Parse(name) : from;
    }

    private static int Attempts(Fields fields, int from)
    {
        var byDefault = DeploymentSpec.New.Attempts;
        return fields.Object("retry") is { } retry ? retry.Integer("attempts", from, byDefault)!.Value
            : fields.Has("retry") ? byDefault
            : from;
    }
}
