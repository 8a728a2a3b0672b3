using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Deployment;

/// <summary>deploy/compose.yaml, and the reader by which the tests of a fleet start what it says.</summary>
public sealed class ComposeFileTests
{
    private static readonly Dictionary<string, string> Secrets = new(StringComparer.Ordinal)
    {
        ["POSTGRES_PASSWORD"] = "pg",
        ["VALKEY_PASSWORD"] = "vk",
        ["PENSTOCK_ADMIN_TOKEN"] = "admin",
        ["PENSTOCK_SECRET_KEY"] = "seal",
        ["PENSTOCK_CACHE_SECRET"] = "salt",
    };

    [Fact]
    public void Three_gateways_have_the_same_flags_and_the_same_environment()
    {
        var gateways = ComposeFile.Read(Secrets).Gateways.ToList();

        Assert.Equal(["gateway-1", "gateway-2", "gateway-3"], gateways.Select(gateway => gateway.Name));
        Assert.All(gateways, gateway => Assert.Equal(gateways[0].Arguments, gateway.Arguments));
        Assert.All(gateways, gateway => Assert.Equal(gateways[0].Environment, gateway.Environment));
    }

    [Fact]
    public void On_this_machine_only_addresses_and_paths_differ()
    {
        var gateway = ComposeFile.Read(Secrets).Gateways.First();
        var place = new LoopbackPlace(Port: 1, Data: "/here/data", Config: "/here/file", Postgres: 2, Valkey: 3);

        string[] expected =
        [
            "serve",
            "--urls",
            "http://127.0.0.1:1",
            "--data",
            "/here/data",
            "--config",
            "/here/file",
            "--no-discovery",
            "--database",
            "Host=127.0.0.1;Port=2;Database=penstock;Username=penstock;Password=pg",
            "--redis",
            "127.0.0.1:3,password=vk",
        ];
        Assert.Equal(expected, gateway.On(place));
        Assert.Equal("admin", gateway.Environment["PENSTOCK_ADMIN_TOKEN"]);
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("VALKEY_PASSWORD")]
    [InlineData("PENSTOCK_ADMIN_TOKEN")]
    [InlineData("PENSTOCK_SECRET_KEY")]
    [InlineData("PENSTOCK_CACHE_SECRET")]
    public void A_secret_that_was_not_written_stops_the_start(string name)
    {
        var incomplete = Secrets.Where(secret => secret.Key != name).ToDictionary(StringComparer.Ordinal);

        var refused = Assert.Throws<InvalidOperationException>(() => ComposeFile.Read(incomplete));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_the_secrets_names_each_of_them() =>
        Assert.Equal(
            Secrets.Keys.Order(),
            File.ReadLines(Path.Combine(Built.Repository, "deploy", ".env.example"))
                .Where(line => line.EndsWith('='))
                .Select(line => line[..^1])
                .Order()
        );

    [Fact]
    public void The_balancer_knows_every_gateway()
    {
        var balancer = File.ReadAllText(Path.Combine(Built.Repository, "deploy", "haproxy.cfg"));

        Assert.All(
            ComposeFile.Read(Secrets).Gateways,
            gateway => Assert.Contains($"server {gateway.Name} {gateway.Name}:8080", balancer, StringComparison.Ordinal)
        );
    }
}
