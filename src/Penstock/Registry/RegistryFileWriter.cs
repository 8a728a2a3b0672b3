using System.Text;
using System.Text.RegularExpressions;
using Penstock.Contracts;
using Penstock.Keys;
using Penstock.Registry.Reading;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Registry;

/// <summary>
/// Writes the registry as a declarative file, without secrets, so that applying it to an empty registry makes the same.
/// Keys that were revoked or rotated away are not in it: a file can only speak of keys that are to work.
/// </summary>
internal sealed partial class RegistryFileWriter
{
    private readonly StringBuilder _text = new();
    private readonly RegistryState _state;

    private RegistryFileWriter(RegistryState state) => _state = state;

    public static string Write(RegistryState state) => new RegistryFileWriter(state).Write();

    private string Write()
    {
        Section("plans", _state.Plans.Values, Write);
        Section(
            "workspaces",
            _state.Workspaces.Values.OrderBy(workspace => workspace.Name, StringComparer.Ordinal),
            Write
        );
        var keys = _state
            .Keys.Values.Where(key => key.IsCurrent)
            .OrderBy(key => _state.WorkspaceName(key.WorkspaceId), StringComparer.Ordinal)
            .ThenBy(key => key.Name, StringComparer.Ordinal);
        Section("keys", keys, Write);
        var deployments = _state
            .Deployments.Values.OrderBy(item => _state.WorkspaceName(item.WorkspaceId), StringComparer.Ordinal)
            .ThenBy(item => item.Model, StringComparer.Ordinal)
            .ThenBy(item => item.Id);
        Section("deployments", deployments, Write);
        return _text.ToString();
    }

    private void Section<T>(string name, IEnumerable<T> items, Action<T> write)
    {
        var all = items.ToList();
        _text.Append(name).Append(all.Count == 0 ? ": []\n" : ":\n");
        all.ForEach(write);
    }

    private void Write(Plan plan)
    {
        _text.Append("  - name: ").Append(Text(plan.Name)).Append('\n');
        Number("requests_per_minute", plan.RequestsPerMinute);
        Number("max_requests_per_minute", plan.MaxRequestsPerMinute);
        Number("burst", plan.Burst);
        if (!plan.Keys)
        {
            Line("keys", "false");
        }

        if (plan.Priority > 0)
        {
            Number("priority", plan.Priority);
        }

        Write(plan.Limits);
    }

    private void Write(Workspace workspace)
    {
        _text.Append("  - name: ").Append(Text(workspace.Name)).Append('\n');
        Line("plan", Text(workspace.Plan));
        Write(workspace.Limits);
    }

    private void Write(KeyRecord key)
    {
        var workspace = _state.Workspaces[key.WorkspaceId];
        // What the plan's ceiling has cut is written as it is in force: the file must fit its own plans.
        var ceiling = _state.Plans[workspace.Plan].MaxRequestsPerMinute;
        _text.Append("  - name: ").Append(Text(key.Name)).Append('\n');
        Line("workspace", Text(workspace.Name));
        Line("sha256", Text(Convert.ToHexStringLower(key.Hash.ToBytes())));
        Number("requests_per_minute", AtMost(key.RequestsPerMinute, ceiling));
        Number("burst", AtMost(key.Burst, ceiling));
        if (key.Models is { } models)
        {
            Line("models", Texts(models));
        }

        if (key.Permissions.Count > 0)
        {
            Line("permissions", Texts(key.Permissions));
        }

        if (key.ExpiresAt is { } expiry)
        {
            Line("expires_at", $"{expiry.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
        }

        Write(key.Limits);
    }

    private void Write(DeploymentRecord deployment)
    {
        _text.Append("  - id: ").Append(Text(deployment.Id.ToString("D"))).Append('\n');
        Line("workspace", Text(_state.WorkspaceName(deployment.WorkspaceId)));
        Line("model", Text(deployment.Model));
        Line("upstream_model", Text(deployment.UpstreamModel));
        Line("backend", Text(deployment.Backend));
        _text.Append("    replicas:\n");
        foreach (var replica in deployment.Replicas)
        {
            Write(replica);
        }

        var limits = deployment.Limits;
        Line(
            "limits",
            $"{{ top_logprobs: {limits.TopLogprobs}, n: {limits.N}, max_concurrency: {limits.MaxConcurrency}, "
                + $"queue: {limits.Queue}, queue_wait: {Duration.Format(limits.QueueWait)}, "
                + $"start_wait: {Duration.Format(limits.StartWait)}, outage_wait: {Duration.Format(limits.OutageWait)} }}"
        );
        Line("defaults", Of(deployment.Defaults));
        Line("timeouts", Of(deployment.Timeouts));
        Line("retry", $"{{ attempts: {deployment.Attempts} }}");
        Write(deployment.Routing);
        Line("continuity", Text(deployment.Continuity.Word()));
        if (deployment.Price is { } price)
        {
            Line("price", PriceText.Of(price));
        }

        Line("usage", UsageReportingNames.Of(deployment.Usage));
        if (deployment.Fallbacks.Count > 0)
        {
            Line("fallbacks", Texts(deployment.Fallbacks));
        }
    }

    private void Write(ReplicaRecord replica)
    {
        if (replica.RunPod is { } endpoint)
        {
            _text.Append("      - runpod: ").Append(Text(endpoint.Id)).Append('\n');
            _text.Append("        mode: ").Append(endpoint.ModeWord).Append('\n');
        }
        else
        {
            _text.Append("      - url: ").Append(Text(replica.Url)).Append('\n');
        }

        if (replica.ApiKeyEnv is { } variable)
        {
            _text.Append("        api_key_env: ").Append(Text(variable)).Append('\n');
        }

        if (replica.ApiKeyFile is { } file)
        {
            _text.Append("        api_key_file: ").Append(Text(file)).Append('\n');
        }

        if (replica.ApiKey is not null)
        {
            _text.Append(
                "        # its credential was given through the API and is stored encrypted; it is not exported\n"
            );
        }

        _text.Append("        weight: ").Append(replica.Weight).Append('\n');
        if (replica.Drained)
        {
            _text.Append("        drained: true\n");
        }
    }

    private void Write(DeploymentRouting routing)
    {
        Line("policy", routing.Policy.Name());
        if (routing.ShareCache)
        {
            Line("share_cache", "true");
        }

        if (routing.EnginePriority)
        {
            Line("engine_priority", "true");
        }

        if (routing.Hedge != Hedge.Off)
        {
            Line("hedge", Text(routing.Hedge.Word()));
        }
    }

    private static string Of(SamplingDefaults defaults)
    {
        if (defaults == SamplingDefaults.OfTheEngine)
        {
            return "engine";
        }

        var parts = new List<string>();
        Add("max_tokens", defaults.MaxTokens);
        Add("temperature", defaults.Temperature);
        Add("top_p", defaults.TopP);
        return $"{{ {string.Join(", ", parts)} }}";

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                parts.Add($"{name}: {value}");
            }
        }
    }

    private static string Of(DeploymentTimeouts timeouts)
    {
        var (connect, firstByte) = (Duration.Format(timeouts.Connect), Duration.Format(timeouts.FirstByte));
        var (idle, total) = (Duration.Format(timeouts.Idle), Duration.Format(timeouts.Total));
        return $"{{ connect: {connect}, first_byte: {firstByte}, idle: {idle}, total: {total} }}";
    }

    private void Write(Allowance limits)
    {
        if (limits != Allowance.Unlimited)
        {
            Line(AllowanceReader.Field, AllowanceText.Of(limits));
        }
    }

    private static int? AtMost(int? value, int? ceiling) => value > ceiling ? ceiling : value;

    private void Number(string name, int? value)
    {
        if (value is { } number)
        {
            Line(name, $"{number}");
        }
    }

    private void Line(string name, string value) =>
        _text.Append("    ").Append(name).Append(": ").Append(value).Append('\n');

    private static string Texts(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Text))}]";

    /// <summary>Plain where every YAML reader takes it for a text, else in quotes, as JSON would write it.</summary>
    private static string Text(string value) =>
        Plain().IsMatch(value) && !Ambiguous().IsMatch(value) && ScalarForms.Of(value) is ScalarForm.Text
            ? value
            : Quoted(value);

    /// <summary>Every character as itself but those that would end the quotes, or not be seen.</summary>
    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append($"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z0-9/][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();

    // Words and numbers of YAML 1.1, which other tools still read: yes, off, 0x1f, 0o17, 1_000, 12:30:45, 2030-01-02, 1e5.
    [GeneratedRegex(
        @"^([yYnN]|yes|no|on|off|[0-9][0-9_.:+]*|0[xob][0-9a-f_]+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*)\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Ambiguous();
}
