using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>The declarative file, written as JSON (JSON is YAML), with field names as an operator types them.</summary>
internal sealed class Declaration
{
    /// <summary>A plan that limits nothing a test does by accident.</summary>
    public const string Unlimited = "unlimited";

    private readonly JsonArray _plans = [];
    private readonly JsonArray _workspaces = [];
    private readonly JsonArray _keys = [];
    private readonly JsonArray _deployments = [];

    public Declaration Plan(string name, int rpm, int ceiling, int? burst = null)
    {
        var plan = new JsonObject
        {
            ["name"] = name,
            ["requests_per_minute"] = rpm,
            ["max_requests_per_minute"] = ceiling,
        };
        if (burst is not null)
        {
            plan["burst"] = burst;
        }

        _plans.Add((JsonNode)plan);
        return this;
    }

    public Declaration Workspace(string name, string plan)
    {
        _workspaces.Add((JsonNode)new JsonObject { ["name"] = name, ["plan"] = plan });
        return this;
    }

    /// <summary>A workspace without effective limit, and one key of the same name in it.</summary>
    public Declaration Tenant(string name)
    {
        if (_plans.Count == 0)
        {
            Plan(Unlimited, 6_000_000, 6_000_000, burst: 6_000_000);
        }

        return Workspace(name, Unlimited).Key(name, name);
    }

    public Declaration Key(string name, string workspace, Action<JsonObject>? more = null)
    {
        var key = new JsonObject
        {
            ["name"] = name,
            ["workspace"] = workspace,
            ["sha256"] = Sha256(name),
        };
        more?.Invoke(key);
        _keys.Add((JsonNode)key);
        return this;
    }

    public Declaration Deployment(
        string workspace,
        string model,
        string upstreamModel,
        string url,
        Action<JsonObject>? more = null
    )
    {
        _deployments.Add((JsonNode)DeploymentOf(workspace, model, upstreamModel, url, more));
        return this;
    }

    public static JsonObject DeploymentOf(
        string workspace,
        string model,
        string upstreamModel,
        string url,
        Action<JsonObject>? more = null
    )
    {
        var deployment = new JsonObject
        {
            ["workspace"] = workspace,
            ["model"] = model,
            ["upstream_model"] = upstreamModel,
            ["backend"] = "vllm",
            ["replicas"] = new JsonArray(new JsonObject { ["url"] = url }),
        };
        more?.Invoke(deployment);
        return deployment;
    }

    /// <summary>The secret of a declared key: brought along by the operator, so of no form of ours.</summary>
    public static string Secret(string key) => $"brought-along-secret-of-{key}";

    /// <summary>What of that secret the file tells.</summary>
    public static string Sha256(string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret(key))));

    public override string ToString()
    {
        var document = new JsonObject
        {
            ["plans"] = _plans.DeepClone(),
            ["workspaces"] = _workspaces.DeepClone(),
            ["keys"] = _keys.DeepClone(),
            ["deployments"] = _deployments.DeepClone(),
        };
        return document.ToJsonString();
    }
}
