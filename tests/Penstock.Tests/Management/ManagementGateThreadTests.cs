using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Penstock.Management;

namespace Penstock.Tests.Management;

public sealed class ManagementGateThreadTests
{
    [Fact]
    public async Task What_follows_the_gate_runs_on_the_pool_even_when_the_request_came_on_a_sockets_own_thread()
    {
        var gate = new ManagementGate(
            new ManagementListener(Options.Create(new ManagementOptions())),
            AdminToken.Open("unused", new(_ => ManagementServer.Token))
        );
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {ManagementServer.Token}";
        var context = EndpointFilterInvocationContext.Create(http);
        var (before, after) = (true, false);
        Task? passing = null;

        var socketThread = new Thread(() =>
        {
            before = Thread.CurrentThread.IsThreadPoolThread;
            passing = gate.InvokeAsync(context, Follow).AsTask();
        });
        socketThread.Start();
        socketThread.Join();
        await passing!;

        Assert.False(before);
        Assert.True(after);

        ValueTask<object?> Follow(EndpointFilterInvocationContext passed)
        {
            after = Thread.CurrentThread.IsThreadPoolThread;
            return ValueTask.FromResult<object?>(null);
        }
    }
}
