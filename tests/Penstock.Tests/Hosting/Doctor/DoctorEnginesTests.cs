using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Penstock.Hosting;
using Penstock.Hosting.Doctor;
using Penstock.Probing;
using Penstock.Registry;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Hosting.Doctor;

public sealed class DoctorEnginesTests : IAsyncDisposable
{
    private const string Models = """{"object":"list","data":[{"id":"org/m","owned_by":"vllm"},{"id":"org/n"}]}""";

    private readonly ConcurrentQueue<(string Request, string Credential)> _requests = [];
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;

    [Fact]
    public async Task An_engine_is_asked_for_its_health_and_its_models_and_never_to_generate()
    {
        var url = await ServeAsync(_ => Results.Text(Models));

        var finding = Assert.Single(await LookAsync(Deploy("m", url, "org/m")));

        Assert.Equal(CheckStatus.Ok, finding.Status);
        Assert.Equal(["GET /health", "GET /v1/models"], _requests.Select(request => request.Request));
    }

    [Fact]
    public async Task An_engine_of_several_deployments_is_asked_once()
    {
        var url = await ServeAsync(_ => Results.Text(Models));

        var findings = await LookAsync(Deploy("m", url, "org/m"), Deploy("n", url, "org/n"));

        Assert.All(findings, finding => Assert.Equal(CheckStatus.Ok, finding.Status));
        Assert.Equal(2, _requests.Count);
    }

    [Fact]
    public async Task The_backend_says_where_its_health_is()
    {
        var url = await ServeAsync(_ => Results.Text(Models));

        await LookAsync(Deploy("m", url, "org/m") with { Backend = "home-ollama" });

        Assert.Equal(["GET /api/version", "GET /v1/models"], _requests.Select(request => request.Request));
    }

    [Fact]
    public async Task An_sglang_without_a_route_for_its_load_is_well_all_the_same()
    {
        var url = await ServeAsync(path => path == "/v1/models" ? Results.Text(Models) : Results.NotFound());

        var finding = Assert.Single(await LookAsync(Deploy("m", url, "org/m") with { Backend = "sglang" }));

        Assert.Equal(CheckStatus.Ok, finding.Status);
    }

    [Fact]
    public async Task An_endpoint_at_runpod_is_not_asked_at_all()
    {
        var replica = new ReplicaRecord { Url = "runpod:abc" };

        var finding = Assert.Single(await LookAsync(Deploy("m", replica, "org/m") with { Backend = "runpod-vllm" }));

        Assert.Equal(CheckStatus.Ok, finding.Status);
        Assert.Contains("may start a machine", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credential_is_sent()
    {
        var url = await ServeAsync(_ => Results.Text(Models));
        var file = _folder.Write("key", "s3cret\n");

        await LookAsync(Deploy("m", new ReplicaRecord { Url = url, ApiKeyFile = file }, "org/m"));

        Assert.All(_requests, request => Assert.Equal("Bearer s3cret", request.Credential));
    }

    [Theory]
    [InlineData(401, "refuses the gateway's credential (401)")]
    [InlineData(403, "refuses the gateway's credential (403)")]
    [InlineData(503, "it answers 503 to GET /health")]
    public async Task An_engine_that_is_not_well_is_a_problem(int status, string seen)
    {
        var url = await ServeAsync(_ => Results.StatusCode(status));

        var finding = Assert.Single(await LookAsync(Deploy("m", url, "org/m")));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains(seen, finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_the_engine_does_not_serve_is_a_problem_and_those_it_serves_are_named()
    {
        var url = await ServeAsync(_ => Results.Text(Models));
        var deployment = Deploy("m", url, "org/other");

        var finding = Assert.Single(await LookAsync(deployment));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.EndsWith("it does not serve org/other, but org/m, org/n", finding.Seen, StringComparison.Ordinal);
        Assert.Contains($"deployments set {deployment.Id} --upstream-model", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_may_be_left_out_where_the_engine_does()
    {
        var url = await ServeAsync(_ => Results.Text("""{"data":[{"id":"llama3:latest"}]}"""));

        Assert.Equal(CheckStatus.Ok, Assert.Single(await LookAsync(Deploy("m", url, "llama3"))).Status);
    }

    [Fact]
    public async Task An_engine_without_a_list_of_models_is_a_warning()
    {
        var url = await ServeAsync(path => path == "/health" ? Results.Ok() : Results.NotFound());

        Assert.Equal(CheckStatus.Warning, Assert.Single(await LookAsync(Deploy("m", url, "org/m"))).Status);
    }

    [Fact]
    public async Task Nobody_there_is_a_problem()
    {
        var url = await ServeAsync(_ => Results.Ok());
        await _app!.DisposeAsync();

        var finding = Assert.Single(await LookAsync(Deploy("m", url, "org/m")));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("no connection", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_never_answers_is_waited_for_no_longer_than_the_bound()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        var url = await ServeAsync(async context =>
        {
            asked.SetResult();
            await never.Task.WaitAsync(context.RequestAborted);
        });
        var time = new FakeTimeProvider();
        using var client = new BoundedClient(TimeSpan.FromSeconds(3), time, TestContext.Current.CancellationToken);

        var looking = new EnginesCheck(client, [], serverRuns: true).RunAsync(StateOf(Deploy("m", url, "org/m")));
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(3));

        var finding = Assert.Single(await looking);
        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("no answer within 3 s to GET /health", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_of_an_environment_that_is_not_here_is_a_warning_and_the_engine_is_left_alone()
    {
        var url = await ServeAsync(_ => Results.Text(Models));
        var replica = new ReplicaRecord { Url = url, ApiKeyEnv = "PENSTOCK_TEST_NO_SUCH_VARIABLE" };

        var finding = Assert.Single(await LookAsync(Deploy("m", replica, "org/m")));

        Assert.Equal(CheckStatus.Warning, finding.Status);
        Assert.Contains("PENSTOCK_TEST_NO_SUCH_VARIABLE is not set", finding.Seen, StringComparison.Ordinal);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task A_credential_file_that_cannot_be_read_is_a_problem()
    {
        var replica = new ReplicaRecord { Url = "http://127.0.0.1:9", ApiKeyFile = _folder.File("missing") };

        var finding = Assert.Single(await LookAsync(Deploy("m", replica, "org/m")));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("cannot be read", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_simulator_of_a_server_that_does_not_run_is_not_missed()
    {
        var demo = Deploy("demo", "http://127.0.0.1:9", "demo") with { Id = DemoEngine.DeploymentId };

        Assert.Equal(CheckStatus.Ok, Assert.Single(await LookAsync(demo)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_the_latest_probe_warned_of_is_told_and_nothing_is_generated_for_it()
    {
        var url = await ServeAsync(_ => Results.Text(Models));
        var card = new Penstock.Engines.CapabilityCard
        {
            ProbedAt = DateTimeOffset.UnixEpoch,
            Warnings = ["tools will be refused"],
        };
        var json = CardJson.Write(card);
        var ours = new StoredCard(url + "/", "org/m", null, card.ProbedAt, json);

        var findings = await LookAsync(
            [ours, ours with { Model = "org/n" }, ours with { Url = "http://elsewhere:1/" }],
            Deploy("m", url, "org/m")
        );

        Assert.Equal([CheckStatus.Ok, CheckStatus.Warning], findings.Select(finding => finding.Status));
        Assert.Contains("tools will be refused (probed 1970-01-01)", findings[1].Seen, StringComparison.Ordinal);
        Assert.Contains("penstock deployments probe", findings[1].Advice, StringComparison.Ordinal);
        Assert.All(_requests, request => Assert.StartsWith("GET ", request.Request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("llamacpp", 503, "it is starting (it answers 503 to GET /health)")]
    [InlineData("sglang", 404, null)]
    public async Task Health_is_judged_as_the_engine_means_it(string backend, int status, string? problem)
    {
        var url = await ServeAsync(path => path == "/v1/models" ? Results.Text(Models) : Results.StatusCode(status));

        var finding = Assert.Single(await LookAsync(Deploy("m", url, "org/m") with { Backend = backend }));

        Assert.Equal(problem is null ? CheckStatus.Ok : CheckStatus.Problem, finding.Status);
        Assert.Contains(problem ?? "it is well", finding.Seen, StringComparison.Ordinal);
    }

    private static DeploymentRecord Deploy(string model, string url, string upstreamModel) =>
        Deploy(model, new ReplicaRecord { Url = url }, upstreamModel);

    private static DeploymentRecord Deploy(string model, ReplicaRecord replica, string upstreamModel) =>
        new()
        {
            Id = Guid.NewGuid(),
            WorkspaceId = null,
            Model = model,
            UpstreamModel = upstreamModel,
            Backend = "vllm",
            Replicas = [replica],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private static RegistryState StateOf(params DeploymentRecord[] deployments) =>
        deployments.Aggregate(RegistryState.Empty, (state, deployment) => state.With(deployment));

    private static Task<IReadOnlyList<Finding>> LookAsync(params DeploymentRecord[] deployments) =>
        LookAsync([], deployments);

    private static async Task<IReadOnlyList<Finding>> LookAsync(
        IReadOnlyList<StoredCard> cards,
        params DeploymentRecord[] deployments
    )
    {
        using var client = new BoundedClient(
            TimeSpan.FromSeconds(30),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        return await new EnginesCheck(client, cards, serverRuns: false).RunAsync(StateOf(deployments));
    }

    private Task<string> ServeAsync(Func<string, IResult> answer) =>
        ServeAsync(context => answer(context.Request.Path.Value!).ExecuteAsync(context));

    private async Task<string> ServeAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(context =>
        {
            var request = context.Request;
            _requests.Enqueue(($"{request.Method} {request.Path}", request.Headers.Authorization.ToString()));
            return answer(context);
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return _app.Urls.First();
    }
}
