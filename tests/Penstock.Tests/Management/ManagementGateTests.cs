using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Penstock.Contracts;
using Penstock.Management;

namespace Penstock.Tests.Management;

public sealed class ManagementGateTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a-token-for-tests-onl")]
    [InlineData("Bearer a-token-for-tests-onlyy")]
    [InlineData("Basic a-token-for-tests-only")]
    [InlineData("a-token-for-tests-only")]
    public async Task Without_the_token_there_is_a_401_and_nothing_else(string? authorization)
    {
        await using var server = await ManagementServer.StartAsync();
        server.Http.DefaultRequestHeaders.Authorization = null;
        if (authorization is not null)
        {
            server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        var refusal = await server.RefusalAsync(HttpMethod.Get, Routes.Workspaces);
        var unknown = await server.RefusalAsync(HttpMethod.Get, "/admin/v1/nothing");
        var (response, _) = await server.SendAsync(HttpMethod.Delete, Routes.OfPlan("pro"));

        Assert.Equal((401, "invalid_admin_token"), (refusal.Status, refusal.Code));
        Assert.Equal((401, "invalid_admin_token"), (unknown.Status, unknown.Code));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.True(Guid.TryParse(response.Headers.GetValues("X-Request-Id").Single(), out _));
    }

    [Fact]
    public async Task The_scheme_is_taken_in_any_case()
    {
        await using var server = await ManagementServer.StartAsync();
        server.Http.DefaultRequestHeaders.Authorization = new("bEaReR", ManagementServer.Token);

        var (response, _) = await server.SendAsync(HttpMethod.Get, Routes.Workspaces);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_in_the_environment_one_is_made_in_a_private_file_and_kept()
    {
        await using var server = await ManagementServer.StartAsync(token: null);
        var path = server.File(AdminToken.FileName);
        var token = (await File.ReadAllTextAsync(path, ManagementServer.Stop)).Trim();
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);

        var (response, _) = await server.SendAsync(HttpMethod.Get, Routes.Workspaces);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(token.Length >= 43, "32 random bytes");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        var again = AdminToken.Open(path, new(_ => null));
        Assert.True(again.IsIn($"Bearer {token}"));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with a space in the middle")]
    [InlineData("Täglich-wechselnder-Token")]
    public void A_token_that_could_be_guessed_or_not_be_sent_is_refused_at_start(string token)
    {
        var error = Assert.Throws<Penstock.Registry.StoreException>(() => AdminToken.Open("unused", new(_ => token)));

        Assert.Contains("PENSTOCK_ADMIN_TOKEN", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_bound_is_refused_with_a_length_and_without()
    {
        await using var server = await ManagementServer.StartAsync();
        var large = $$"""{"name":"{{new string('x', ManagementBody.MostBytes)}}"}""";

        var told = await server.RefusalAsync(HttpMethod.Post, Routes.Workspaces, large);
        using var request = new HttpRequestMessage(HttpMethod.Post, Routes.Workspaces);
        request.Content = new StringContent(large, Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = true;
        using var untold = await server.Http.SendAsync(request, ManagementServer.Stop);

        Assert.Equal((413, "request_too_large"), (told.Status, told.Code));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, untold.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/yaml")]
    [InlineData("")]
    public async Task A_body_of_another_type_is_refused(string type)
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Workspaces, """{"name":"a"}""", null, type);

        Assert.Equal((415, "unsupported_media_type"), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task A_type_with_parameters_is_the_type()
    {
        await using var server = await ManagementServer.StartAsync();
        const string Type = "Application/JSON; charset=utf-8";

        var (response, _) = await server.SendAsync(HttpMethod.Post, Routes.Workspaces, """{"name":"a"}""", null, Type);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("""{"name":"a"} x""", "invalid_json")]
    [InlineData("[]", "invalid_type")]
    [InlineData("null", "invalid_type")]
    public async Task A_body_that_is_no_object_is_refused(string json, string code)
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Workspaces, json);

        Assert.Equal((400, code), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task A_deeply_nested_body_is_refused()
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Workspaces, new string('[', 100_000));

        Assert.Equal((400, "invalid_json"), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_told_which_it_takes()
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(HttpMethod.Put, Routes.Workspaces, "{}");
        var (response, _) = await server.SendAsync(HttpMethod.Delete, Routes.Export);
        var unknown = await server.RefusalAsync(HttpMethod.Get, "/admin/v1/nothing/at/all");

        Assert.Equal((405, "method_not_allowed"), (refusal.Status, refusal.Code));
        Assert.Equal("GET", string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal((404, "unknown_endpoint"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task With_a_listener_of_its_own_the_main_one_knows_nothing_of_it()
    {
        var port = FreePort();
        var apart = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Management:Urls"] = apart };
        await using var server = await ManagementServer.StartAsync(
            settings,
            ManagementServer.Token,
            "http://127.0.0.1:0",
            apart
        );
        var main = server.Addresses.Single(address => address.Port != port);
        server.Http.DefaultRequestHeaders.Host = $"127.0.0.1:{port}";

        var hidden = await server.RefusalAsync(HttpMethod.Get, new Uri(main, Routes.Plans).ToString());
        var (document, _) = await server.SendAsync(HttpMethod.Get, new Uri(main, "/openapi/admin.json").ToString());
        var (shown, _) = await server.SendAsync(HttpMethod.Get, apart + Routes.Plans);

        Assert.Equal((404, "unknown_endpoint"), (hidden.Status, hidden.Code));
        Assert.Equal(HttpStatusCode.NotFound, document.StatusCode);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", "name a port")]
    [InlineData("8081", "Invalid url")]
    [InlineData("http://unix:/tmp/penstock.sock", "give a host and a port")]
    public void A_listener_that_cannot_be_told_apart_is_refused_at_start(string url, string problem)
    {
        var result = new ManagementOptionsValidator().Validate(null, new ManagementOptions { Urls = url });

        Assert.Contains(problem, result.FailureMessage, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
