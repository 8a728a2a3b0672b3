using System.Net.Sockets;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Operations;

/// <summary>SIGTERM: nobody new is let in, who is in may finish, within a bound.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private readonly RecordingEngine _engine = new();
    private readonly TaskCompletionSource _goOn = new();

    public ValueTask InitializeAsync()
    {
        _engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk + TextChunk("Hello"));
            await _goOn.Task;
            await exchange.ChunkAsync(FinishChunk + UsageChunk + Done);
            await exchange.EndAsync();
        };
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_running_stream_runs_to_its_end_and_nobody_new_comes_in()
    {
        await using var gateway = await StartAsync("30");
        using var stream = await OpenAsync(gateway);

        gateway.Process.Terminate();
        await Until.TrueAsync(() => RefusesAsync(gateway), "new connections to be refused");
        Assert.False(gateway.Process.HasExited);
        _goOn.SetResult();

        Assert.Equal(RoleChunk + TextChunk("Hello") + FinishChunk + Done, await stream.ReadToEndAsync());
        Assert.Equal(0, await gateway.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_stream_that_outlives_the_bound_ends_with_an_error_event()
    {
        await using var gateway = await StartAsync("1");
        using var stream = await OpenAsync(gateway);

        gateway.Process.Terminate();

        var events = SseEvent.Parse(await stream.ReadToEndAsync()).Where(e => !e.IsComment).ToList();
        Assert.True(events[^1].IsError, stream.Text);
        _ = ErrorEnvelope.Of(events[^1].Data!);
        Assert.DoesNotContain(events, e => e.IsDone);
        Assert.Equal(0, await gateway.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_gateway_with_nothing_to_do_ends_at_once()
    {
        await using var gateway = await StartAsync("30");

        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task A_second_start_on_the_same_folder_goes_on_where_the_first_ended()
    {
        using var folder = new TempFolder();
        var secret = "";
        await using (var first = await GatewayProcess.StartAsync(folder, ["--no-discovery"]))
        {
            await first.Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "kept", ["plan"] = "pro" });
            var key = new JsonObject { ["workspace"] = "kept", ["name"] = "kept" };
            secret = (await first.Admin.CreateAsync("keys", key))["secret"]!.GetValue<string>();
            await first.DeployAsync("kept", "m", "org/model", _engine.Url);
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await GatewayProcess.StartAsync(folder, ["--no-discovery"]);
        _goOn.SetResult();
        (await second.WithSecret(secret).ChatAsync(ChatBody.Stream())).Expect(200);
    }

    private Task<GatewayProcess> StartAsync(string grace) =>
        GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", "m", "org/model", _engine.Url),
            Setting.Of((Setting.ShutdownGraceSeconds, grace))
        );

    private static async Task<OpenStream> OpenAsync(GatewayProcess gateway)
    {
        var stream = await gateway.As("acme").OpenAsync(ChatBody.Stream());
        Assert.True(await stream.ReadUntilAsync(text => text.Contains("Hello", StringComparison.Ordinal)));
        return stream;
    }

    private static async Task<bool> RefusesAsync(GatewayProcess gateway)
    {
        try
        {
            using var raw = gateway.Raw();
            await raw.SendAsync("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return (await raw.HearAllAsync()).Length == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _goOn.TrySetResult();
        await _engine.DisposeAsync();
    }
}
