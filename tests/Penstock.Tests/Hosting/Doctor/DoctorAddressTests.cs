using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Hosting.Doctor;

namespace Penstock.Tests.Hosting.Doctor;

public sealed class DoctorAddressTests : IAsyncDisposable
{
    private WebApplication? _app;

    [Theory]
    [InlineData(true, CheckStatus.Ok)]
    [InlineData(false, CheckStatus.Warning)]
    public async Task A_gateway_that_answers_is_known_by_its_health(bool ready, object status)
    {
        var url = await ServeAsync(app => app.MapHealth());
        if (ready)
        {
            _app!.Services.GetRequiredService<Readiness>().Set();
        }

        var finding = await LookAsync(url);

        Assert.Equal(status, finding.Status);
        Assert.Contains("a Penstock answers", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_listens_everywhere_is_found_on_loopback()
    {
        var url = await ServeAsync(app => app.MapHealth());
        _app!.Services.GetRequiredService<Readiness>().Set();

        Assert.Equal(CheckStatus.Ok, (await LookAsync($"http://*:{new Uri(url).Port}")).Status);
        Assert.Equal(CheckStatus.Ok, (await LookAsync($"http://0.0.0.0:{new Uri(url).Port}")).Status);
    }

    [Fact]
    public async Task Another_web_server_is_told_by_what_it_answers()
    {
        var url = await ServeAsync(app => app.MapGet("/", () => "hello"));

        var finding = await LookAsync(url);

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("no Penstock: it answers 404", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_that_speaks_no_HTTP_is_no_gateway()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var looking = LookAsync($"http://{listener.LocalEndpoint}");
        // One to see whether anybody is there, one to ask.
        using var first = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        using var second = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await second.SendAsync("220 mail.example ESMTP\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        second.Close();

        Assert.Equal(CheckStatus.Problem, (await looking).Status);
    }

    [Fact]
    public async Task A_free_port_is_free_and_stays_so()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var finding = await LookAsync($"http://127.0.0.1:{port}");

        Assert.Equal(CheckStatus.Ok, finding.Status);
        Assert.Contains("is free", finding.Seen, StringComparison.Ordinal);
        using var again = new TcpListener(IPAddress.Loopback, port);
        again.Start();
    }

    [Fact]
    public async Task A_silent_address_of_another_machine_is_a_problem()
    {
        // 192.0.2.0/24 is kept for examples: nobody has it.
        var finding = await LookAsync("http://192.0.2.1:8080", TimeSpan.FromMilliseconds(200));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("no address of this machine", finding.Seen, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Finding> LookAsync(string url, TimeSpan? patience = null)
    {
        using var client = new BoundedClient(
            patience ?? TimeSpan.FromSeconds(30),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        return await new AddressCheck(client).RunAsync(url);
    }

    private async Task<string> ServeAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Readiness>();
        _app = builder.Build();
        map(_app);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return _app.Urls.First();
    }
}
