using Microsoft.Extensions.Configuration;
using Penstock.Hosting;
using Penstock.Hosting.Doctor;
using Penstock.Primitives;
using Penstock.Storage;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Hosting.Doctor;

public sealed class DoctorConfigurationTests
{
    private static readonly ServeSettings Serve = new("http://127.0.0.1:0", null, "nowhere", null, [], false);

    [Fact]
    public void The_defaults_are_well() => Assert.Empty(Look([]));

    [Fact]
    public void Every_value_that_cannot_be_used_is_told_with_its_key_and_what_would_be_right()
    {
        var findings = Look(
            new()
            {
                ["Relaying:KeepAliveSeconds"] = "-1",
                ["Inference:RequestBodyBytes"] = "many",
                ["Keys:Prefix"] = "a b",
                ["Logging:Console:FormatterName"] = "xml",
            }
        );

        Assert.All(findings, finding => Assert.Equal(CheckStatus.Problem, finding.Status));
        Assert.Equal(
            [
                "Inference:RequestBodyBytes is 'many': give a whole number.",
                "Keys:Prefix 'a b' cannot be used: give 4 to 32 letters, digits, '_' or '-', like psk_live_.",
                "Logging:Console:FormatterName is 'xml': give simple or json.",
                "Relaying:KeepAliveSeconds is -1: give 0 to 3600.",
            ],
            findings.Select(finding => finding.Seen).Order()
        );
    }

    [Fact]
    public void A_key_that_nobody_reads_is_told_with_the_one_that_was_meant()
    {
        var finding = Assert.Single(Look(new() { ["Inference:RequestBodyByte"] = "1" }));

        Assert.Equal(CheckStatus.Warning, finding.Status);
        Assert.StartsWith("Inference:RequestBodyByte is set", finding.Seen, StringComparison.Ordinal);
        Assert.EndsWith("did you mean \"RequestBodyBytes\"?", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_with_our_prefix_and_a_section_that_is_not_ours_is_told()
    {
        var findings = Look(
            [],
            "PENSTOCK__Relayin__KeepAliveSeconds",
            "PENSTOCK__RELAYING__KEEPALIVESECONDS",
            "PENSTOCK__Logging__LogLevel__Default",
            "PENSTOCK_SERVER",
            "HOME"
        );

        var finding = Assert.Single(findings);
        Assert.Equal(CheckStatus.Warning, finding.Status);
        Assert.Contains("did you mean \"Relaying\"?", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_class_of_options_is_checked()
    {
        var services = Gateway.CreateBuilder(Serve, DataFolder.At("nowhere"), []).Services;

        Assert.Equal(
            OurAssemblies
                .Server.WrittenTypes()
                .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
                .Select(type => type.Name)
                .Order(),
            SettingsSection.In(services).Select(section => section.Options.Name).Order()
        );
    }

    [Fact]
    public void What_a_feature_checks_itself_is_told_too()
    {
        var builder = Gateway.CreateBuilder(Serve, DataFolder.At("nowhere"), []);
        builder.Configuration["Management:Urls"] = "http://127.0.0.1:0";
        var app = builder.Build();

        var finding = Assert.Single(ConfigurationCheck.Whole([], app.Services));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.Contains("Management:Urls 'http://127.0.0.1:0' cannot be used", finding.Seen, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Look(Dictionary<string, string?> settings, params string[] variables)
    {
        var services = Gateway.CreateBuilder(Serve, DataFolder.At("nowhere"), []).Services;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return ConfigurationCheck.Values(configuration, services, variables);
    }
}
