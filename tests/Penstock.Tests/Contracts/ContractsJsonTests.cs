using System.Text.Json;
using Penstock.Contracts;
using Penstock.Tests.Cli;

namespace Penstock.Tests.Contracts;

public sealed class ContractsJsonTests
{
    private static ContractsJson Json => ContractsJson.Default;

    [Fact]
    public void A_deployment_has_the_shape_of_the_declarative_file()
    {
        Assert.Equal(
            """{"id":"0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10","workspace":"acme","model":"llama-3.3-70b","""
                + "\"upstream_model\":\"meta-llama/Llama-3.3-70B-Instruct\",\"backend\":\"vllm\","
                + """ "replicas":[{"url":"http://10.0.0.5:8000","api_key_env":"VLLM_KEY","weight":2}],""".TrimStart()
                + """ "limits":{"top_logprobs":5,"n":128,"max_concurrency":256,"queue":64},""".TrimStart()
                + """ "defaults":{"max_tokens":512,"temperature":1,"top_p":1},""".TrimStart()
                + """ "timeouts":{"connect":"2s","first_byte":"120s","idle":"30s","total":"30m"},""".TrimStart()
                + """ "retry":{"attempts":3},"policy":"prefix","share_cache":false,"engine_priority":false,""".TrimStart()
                + """ "continuity":"auto","hedge":"off","usage":"auto","fallbacks":["llama-3.1-8b"],""".TrimStart()
                + """ "created_at":"2026-01-02T03:04:05+00:00"}""".TrimStart(),
            JsonSerializer.Serialize(Samples.Deployment, Json.DeploymentResource)
        );
    }

    [Fact]
    public void A_key_says_null_where_null_means_something_and_never_mentions_a_secret_it_has_not()
    {
        Assert.Equal(
            """{"id":"0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10","name":"ci","workspace":"acme","hint":"psk_live_...3456","""
                + """ "requests_per_minute":null,"burst":null,"models":null,"permissions":[],""".TrimStart()
                + """ "expires_at":null,"revoked_at":null,"rotated_from":null,""".TrimStart()
                + """ "created_at":"2026-01-02T03:04:05+00:00"}""".TrimStart(),
            JsonSerializer.Serialize(Samples.Key, Json.KeyResource)
        );
    }

    [Fact]
    public void Defaults_are_the_word_engine_or_an_object()
    {
        var engine = JsonSerializer.Deserialize("""{"defaults":"engine"}""", Json.CreateDeployment)!;
        Assert.Same(DefaultsShape.Engine, engine.Defaults);
        Assert.Equal("""{"defaults":"engine"}""", JsonSerializer.Serialize(engine, Json.CreateDeployment));
        var values = JsonSerializer.Deserialize("""{"defaults":{"top_p":0.5}}""", Json.CreateDeployment)!;
        Assert.Equal(new DefaultsShape { TopP = 0.5 }, values.Defaults);
        Assert.Equal("""{"defaults":{"top_p":0.5}}""", JsonSerializer.Serialize(values, Json.CreateDeployment));
        Assert.Null(JsonSerializer.Deserialize("""{"defaults":null}""", Json.CreateDeployment)!.Defaults);
    }

    [Theory]
    [InlineData("""{"defaults":"motor"}""")]
    [InlineData("""{"defaults":[]}""")]
    [InlineData("""{"defaults":1}""")]
    [InlineData("""{"defaults":{"max_tokens":"many"}}""")]
    public void Other_defaults_are_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, Json.CreateDeployment));

    [Fact]
    public void An_update_tells_null_from_absent()
    {
        var absent = JsonSerializer.Deserialize("{}", ContractsJson.Strict.UpdateKey)!;
        Assert.False(absent.RequestsPerMinute.IsGiven);
        Assert.Equal("{}", JsonSerializer.Serialize(absent, Json.UpdateKey));
        const string Cleared =
            """{"requests_per_minute":null,"burst":null,"models":null,"permissions":null,"expires_at":null}""";
        var cleared = JsonSerializer.Deserialize(Cleared, ContractsJson.Strict.UpdateKey)!;
        Assert.True(cleared.RequestsPerMinute is { IsGiven: true, Value: null });
        Assert.True(cleared.Models is { IsGiven: true, Value: null });
        Assert.Equal(Cleared, JsonSerializer.Serialize(cleared, Json.UpdateKey));
        var given = JsonSerializer.Deserialize(
            """{"burst":7,"models":["a"],"expires_at":"2030-01-31T00:00:00Z"}""",
            ContractsJson.Strict.UpdateKey
        )!;
        Assert.Equal(7, given.Burst.Value);
        Assert.Equal(["a"], given.Models.Value!);
        Assert.Equal(new DateTimeOffset(2030, 1, 31, 0, 0, 0, TimeSpan.Zero), given.ExpiresAt.Value);
    }

    [Theory]
    [InlineData("""{"rpm":5}""")]
    [InlineData("""{"limits":{"max_concurency":5}}""")]
    [InlineData("""{"defaults":{"max_token":5}}""")]
    [InlineData("""{"replicas":[{"uri":"http://x"}]}""")]
    public void The_server_reads_strictly_and_the_client_leniently(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Strict.CreateDeployment));
        Assert.NotNull(JsonSerializer.Deserialize(json, Json.CreateDeployment));
    }

    [Fact]
    public void An_error_has_its_four_members_and_details_only_where_there_are_some()
    {
        var error = new ErrorBody { Message = "m", Type = "t" };
        Assert.Equal(
            """{"error":{"message":"m","type":"t","param":null,"code":null}}""",
            JsonSerializer.Serialize(new ErrorEnvelope { Error = error }, Json.ErrorEnvelope)
        );
        var detailed = error with { Details = [new ErrorDetail { Line = 1, Message = "d" }] };
        Assert.Equal(
            """{"error":{"message":"m","type":"t","param":null,"code":null,"details":[{"line":1,"message":"d"}]}}""",
            JsonSerializer.Serialize(new ErrorEnvelope { Error = detailed }, Json.ErrorEnvelope)
        );
    }

    [Fact]
    public void A_secret_is_not_in_the_text_of_a_record()
    {
        Assert.DoesNotContain("s3cret", (Samples.Key with { Secret = "s3cret" }).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new CreateKey { Secret = "s3cret" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new ReplicaShape { ApiKey = "s3cret" }.ToString(), StringComparison.Ordinal);
    }
}
