using System.Net;
using System.Net.Sockets;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>Starting again, starting where nothing can start, and starting with engines named.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task The_second_start_does_not_show_the_key_but_says_how_to_make_another()
    {
        using var folder = new TempFolder();
        string key;
        await using (var first = await GatewayProcess.StartAsync(folder, ["--no-discovery"]))
        {
            await first.Output.LineAsync(line => KeyForm.FindIn(line) is not null, "the key");
            key = KeyForm.FindIn(first.Output.Text())!;
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await GatewayProcess.StartAsync(folder, ["--no-discovery"]);
        await second.Output.LineAsync(
            line => line.Contains("keys create", StringComparison.Ordinal),
            "how to make a key"
        );

        Assert.Null(KeyForm.FindIn(second.Output.Text()));
        (await second.WithSecret(key).ChatAsync(ChatBody.Minimal("demo"))).Expect(200);
    }

    [Fact]
    public async Task A_taken_port_is_said_to_be_taken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var folder = new TempFolder();

        var result = await ChildProcess.RunAsync(
            "dotnet",
            [
                Built.Penstock,
                "serve",
                "--urls",
                $"http://127.0.0.1:{port}",
                "--data",
                folder.File("data"),
                "--no-discovery",
            ],
            folder: folder.Path
        );

        result.Expect(1);
        Assert.Contains($"{port}", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.Null(KeyForm.FindIn(result.Output));
    }

    [Fact]
    public async Task Serve_is_the_verb_that_need_not_be_said()
    {
        using var folder = new TempFolder();
        var port = FreePort.Take();
        string[] arguments = ["--urls", $"http://127.0.0.1:{port}", "--data", folder.File("data"), "--no-discovery"];

        await using var process = ChildProcess.Start("dotnet", [Built.Penstock, .. arguments], folder: folder.Path);

        await process.Output.LineAsync(line => line.Contains("curl", StringComparison.Ordinal), "the banner");
        Assert.True(Directory.Exists(folder.File("data")));
    }

    [Fact]
    public async Task Named_engines_are_used_and_the_simulator_is_not()
    {
        await using var engine = new RecordingEngine("org/first", "org/second");
        using var folder = new TempFolder();

        // Without probes: the engine's requests are counted.
        await using var gateway = await GatewayProcess.StartAsync(
            folder,
            ["--upstream", engine.Url, "Probing:AtRegistration=false"]
        );
        await gateway.Output.LineAsync(line => KeyForm.FindIn(line) is not null, "the key");
        var client = gateway.WithSecret(KeyForm.FindIn(gateway.Output.Text()));

        var models = (await client.GetAsync("/v1/models")).Expect(200).Json["data"]!.AsArray();
        Assert.Equal(
            ["org/first", "org/second"],
            models.Select(model => model!["id"]!.GetValue<string>()).Order(StringComparer.Ordinal)
        );
        var answer = (await client.ChatAsync(ChatBody.Minimal("org/second"))).Expect(200);
        Assert.Equal("vllm", answer.Header("X-Backend"));
        Assert.Equal("org/second", Assert.Single(engine.Requests).Json["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_setting_out_of_its_range_stops_the_start_and_is_named()
    {
        using var folder = new TempFolder();
        var settings = Setting.Of((Setting.KeepAliveSeconds, "-1"), (Setting.RequestBodyBytes, "many"));

        var result = await ChildProcess.RunAsync(
            "dotnet",
            [
                Built.Penstock,
                "serve",
                "--urls",
                $"http://127.0.0.1:{FreePort.Take()}",
                "--data",
                folder.File("data"),
                "--no-discovery",
            ],
            settings,
            folder.Path
        );

        result.Expect(1);
        Assert.Contains("KeepAliveSeconds", result.Errors, StringComparison.Ordinal);
        Assert.Contains("RequestBodyBytes", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_at_the_end_of_its_range_is_one_to_start_with()
    {
        using var folder = new TempFolder();
        var settings = Setting.Of(
            (Setting.BodyGraceSeconds, "1"),
            (Setting.KeepAliveSeconds, "0"),
            (Setting.ShutdownGraceSeconds, "0"),
            (Setting.RequestBodyBytes, "1024")
        );

        await using var gateway = await GatewayProcess.StartAsync(folder, ["--no-discovery"], settings);

        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task A_folder_belongs_to_one_process_at_a_time()
    {
        using var folder = new TempFolder();
        await using var first = await GatewayProcess.StartAsync(folder, ["--no-discovery"]);
        string[] arguments = ["--urls", $"http://127.0.0.1:{FreePort.Take()}", "--data", folder.File("data")];

        var second = await ChildProcess.RunAsync("dotnet", [Built.Penstock, "serve", .. arguments, "--no-discovery"]);

        second.Expect(1);
        Assert.Contains("data", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
        (await first.Admin.GetAsync("workspaces")).Expect(200);
    }

    [Fact]
    public async Task The_management_API_may_have_a_listener_of_its_own()
    {
        using var folder = new TempFolder();
        var port = FreePort.Take();
        string[] arguments = ["--no-discovery", "--admin-urls", $"http://127.0.0.1:{port}"];

        await using var gateway = await GatewayProcess.StartAsync(folder, arguments);

        (await gateway.Admin.GetAsync("workspaces")).Expect(404);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var elsewhere = new AdminClient(http, GatewayProcess.AdminToken);
        (await elsewhere.GetAsync("workspaces")).Expect(200);
    }

    [Fact]
    public async Task A_limit_on_the_body_may_be_set()
    {
        await using var engine = new RecordingEngine();
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", "m", "org/model", engine.Url),
            Setting.Of((Setting.RequestBodyBytes, "2000"))
        );

        (await gateway.As("acme").ChatAsync(ChatBody.Explicit())).Expect(200);
        (
            await gateway.As("acme").ChatAsync(ChatBody.Explicit(more: $",\"x\":\"{new string('x', 2000)}\""))
        ).ExpectError(413, "invalid_request_error", "request_too_large");
    }
}
