using System.Text.Json.Serialization.Metadata;

namespace Penstock.Contracts;

/// <summary>
/// The management API, typed. A refusal is a <see cref="ManagementException"/>; a server that cannot be reached is an
/// <see cref="HttpRequestException"/>, one that does not answer in time a <see cref="TimeoutException"/>.
/// </summary>
public sealed class ManagementClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ManagementTransport _transport;

    /// <summary>Takes ownership of the client, whose timeout bounds every call.</summary>
    public ManagementClient(HttpClient http, Uri server, string token)
    {
        _http = http;
        _transport = new ManagementTransport(http, server, token);
    }

    /// <summary>A client of its own for one server.</summary>
    public static ManagementClient Connect(Uri server, string token, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler
        {
            // The token goes to the server that was named and to no other.
            AllowAutoRedirect = false,
            // A proxy of the environment cannot reach this machine's own loopback.
            UseProxy = !server.IsLoopback,
            // Ten seconds cover a lost SYN twice; a dead address should not take the whole timeout.
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        var bounded = new HttpClient(handler)
        {
            Timeout = timeout,
            // The export of a registry with a hundred thousand keys is below 64 MiB.
            MaxResponseContentBufferSize = 64 * 1024 * 1024,
        };
        return new ManagementClient(bounded, server, token);
    }

    public void Dispose() => _http.Dispose();

    public Task<ResourceList<WorkspaceResource>> ListWorkspacesAsync(Page page, CancellationToken cancel) =>
        ListAsync(Routes.Workspaces + page.Query(), Json.ResourceListWorkspaceResource, cancel);

    public Task<Tagged<WorkspaceResource>> GetWorkspaceAsync(string idOrName, CancellationToken cancel) =>
        GetAsync(Routes.OfWorkspace(idOrName), Json.WorkspaceResource, cancel);

    public Task<Tagged<WorkspaceResource>> CreateWorkspaceAsync(CreateWorkspace body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, Routes.Workspaces, body, Json.CreateWorkspace, Json.WorkspaceResource, cancel);

    public Task<Tagged<WorkspaceResource>> UpdateWorkspaceAsync(
        string idOrName,
        UpdateWorkspace body,
        string? ifMatch,
        CancellationToken cancel
    ) => PatchAsync(Routes.OfWorkspace(idOrName), body, Json.UpdateWorkspace, ifMatch, Json.WorkspaceResource, cancel);

    public Task DeleteWorkspaceAsync(string idOrName, string? ifMatch, CancellationToken cancel) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.OfWorkspace(idOrName), ifMatch, cancel);

    public Task<ResourceList<PlanResource>> ListPlansAsync(Page page, CancellationToken cancel) =>
        ListAsync(Routes.Plans + page.Query(), Json.ResourceListPlanResource, cancel);

    public Task<Tagged<PlanResource>> GetPlanAsync(string name, CancellationToken cancel) =>
        GetAsync(Routes.OfPlan(name), Json.PlanResource, cancel);

    public Task<Tagged<PlanResource>> PutPlanAsync(
        string name,
        PutPlan body,
        string? ifMatch,
        CancellationToken cancel
    ) =>
        _transport.SendAsync(
            HttpMethod.Put,
            Routes.OfPlan(name),
            ManagementTransport.Json(body, Json.PutPlan),
            ifMatch,
            Json.PlanResource,
            cancel
        );

    public Task DeletePlanAsync(string name, string? ifMatch, CancellationToken cancel) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.OfPlan(name), ifMatch, cancel);

    public Task<ResourceList<KeyResource>> ListKeysAsync(string? workspace, Page page, CancellationToken cancel) =>
        ListAsync(Routes.Keys + page.Query(workspace), Json.ResourceListKeyResource, cancel);

    public Task<Tagged<KeyResource>> GetKeyAsync(string id, CancellationToken cancel) =>
        GetAsync(Routes.OfKey(id), Json.KeyResource, cancel);

    /// <summary>The answer holds the secret, unless the operator brought the key along.</summary>
    public Task<Tagged<KeyResource>> CreateKeyAsync(CreateKey body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, Routes.Keys, body, Json.CreateKey, Json.KeyResource, cancel);

    public Task<Tagged<KeyResource>> UpdateKeyAsync(
        string id,
        UpdateKey body,
        string? ifMatch,
        CancellationToken cancel
    ) => PatchAsync(Routes.OfKey(id), body, Json.UpdateKey, ifMatch, Json.KeyResource, cancel);

    /// <summary>The answer is the new key, secret included; the old one works until the grace is over.</summary>
    public Task<Tagged<KeyResource>> RotateKeyAsync(string id, RotateKey body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, Routes.OfKeyRotation(id), body, Json.RotateKey, Json.KeyResource, cancel);

    public async Task<Tagged<KeyResource>> RevokeKeyAsync(string id, string? ifMatch, CancellationToken cancel) =>
        await _transport.SendAsync(
            HttpMethod.Post,
            Routes.OfKeyRevocation(id),
            null,
            ifMatch,
            Json.KeyResource,
            cancel
        );

    public Task DeleteKeyAsync(string id, string? ifMatch, CancellationToken cancel) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.OfKey(id), ifMatch, cancel);

    public Task<ResourceList<DeploymentResource>> ListDeploymentsAsync(
        string? workspace,
        Page page,
        CancellationToken cancel
    ) => ListAsync(Routes.Deployments + page.Query(workspace), Json.ResourceListDeploymentResource, cancel);

    public Task<Tagged<DeploymentResource>> GetDeploymentAsync(string id, CancellationToken cancel) =>
        GetAsync(Routes.OfDeployment(id), Json.DeploymentResource, cancel);

    public Task<Tagged<DeploymentResource>> CreateDeploymentAsync(CreateDeployment body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, Routes.Deployments, body, Json.CreateDeployment, Json.DeploymentResource, cancel);

    public Task<Tagged<DeploymentResource>> UpdateDeploymentAsync(
        string id,
        UpdateDeployment body,
        string? ifMatch,
        CancellationToken cancel
    ) => PatchAsync(Routes.OfDeployment(id), body, Json.UpdateDeployment, ifMatch, Json.DeploymentResource, cancel);

    public Task DeleteDeploymentAsync(string id, string? ifMatch, CancellationToken cancel) =>
        _transport.SendAsync(HttpMethod.Delete, Routes.OfDeployment(id), ifMatch, cancel);

    /// <summary>Probes each replica now and says how it is; the engines generate a few tokens for it.</summary>
    public async Task<ResourceList<ReplicaState>> ProbeDeploymentAsync(string id, CancellationToken cancel) =>
        (
            await _transport.SendAsync(
                HttpMethod.Post,
                Routes.OfDeploymentProbe(id),
                null,
                null,
                Json.ResourceListReplicaState,
                cancel
            )
        ).Value;

    /// <summary>Makes the registry equal to a document, YAML or JSON; a document with a mistake changes nothing.</summary>
    public async Task<ApplyResult> ApplyAsync(string document, bool prune, bool dryRun, CancellationToken cancel)
    {
        var route = $"{Routes.Apply}?prune={(prune ? "true" : "false")}&dry_run={(dryRun ? "true" : "false")}";
        var body = ManagementTransport.Document(document, ManagementTransport.YamlType);
        return (await _transport.SendAsync(HttpMethod.Post, route, body, null, Json.ApplyResult, cancel)).Value;
    }

    /// <summary>The registry as a document for <c>apply</c>, without secrets: YAML, or the same as JSON.</summary>
    public Task<string> ExportAsync(bool asJson, CancellationToken cancel) =>
        _transport.ReadTextAsync(
            Routes.Export,
            asJson ? ManagementTransport.JsonType : ManagementTransport.YamlType,
            cancel
        );

    public Task<ResourceList<AuditRow>> ListAuditAsync(Page page, CancellationToken cancel) =>
        ListAsync(Routes.Audit + page.Query(), Json.ResourceListAuditRow, cancel);

    private static ContractsJson Json => ContractsJson.Default;

    private async Task<ResourceList<T>> ListAsync<T>(
        string route,
        JsonTypeInfo<ResourceList<T>> type,
        CancellationToken cancel
    ) => (await _transport.SendAsync(HttpMethod.Get, route, null, null, type, cancel)).Value;

    private Task<Tagged<T>> GetAsync<T>(string route, JsonTypeInfo<T> type, CancellationToken cancel) =>
        _transport.SendAsync(HttpMethod.Get, route, null, null, type, cancel);

    private Task<Tagged<TAnswer>> SendAsync<TBody, TAnswer>(
        HttpMethod method,
        string route,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancel
    ) => _transport.SendAsync(method, route, ManagementTransport.Json(body, bodyType), null, answerType, cancel);

    private Task<Tagged<TAnswer>> PatchAsync<TBody, TAnswer>(
        string route,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        string? ifMatch,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancel
    ) =>
        _transport.SendAsync(
            HttpMethod.Patch,
            route,
            ManagementTransport.Json(body, bodyType),
            ifMatch,
            answerType,
            cancel
        );
}
