using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Fields that reach into a shared engine are for trusted keys only.</summary>
public sealed class EngineControlsTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public EngineControlsTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    public static TheoryData<string, string> Controls =>
        new()
        {
            { "priority", "-5" },
            { "cache_salt", "\"salt\"" },
            { "kv_transfer_params", """{"do_remote_decode":true}""" },
            { "bootstrap_host", "\"10.0.0.1\"" },
            { "bootstrap_port", "8998" },
            { "bootstrap_room", "7" },
            { "custom_logit_processor", "\"pickle\"" },
            { "data_parallel_rank", "1" },
            { "routed_dp_rank", "1" },
            { "rid", "\"r\"" },
            { "request_id", "\"r\"" },
            { "lora_path", "\"/etc\"" },
            { "chat_template", "\"{{ x }}\"" },
        };

    [Theory]
    [MemberData(nameof(Controls))]
    public async Task An_ordinary_key_may_not_send_it(string field, string value)
    {
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(more: $",\"{field}\":{value}"))).ExpectError(
            400,
            "invalid_request_error",
            "unsupported_parameter",
            field
        );

        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [MemberData(nameof(Controls))]
    public async Task Nor_under_an_escaped_name(string field, string value)
    {
        var escaped = $"\\u{(int)field[0]:x4}{field[1..]}";

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(more: $",\"{escaped}\":{value}"))).Expect(400);

        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [MemberData(nameof(Controls))]
    public async Task A_key_with_the_permission_may_and_the_bytes_are_its_own(string field, string value)
    {
        var body = ChatBody.Explicit(more: $",\"{field}\":{value}");

        (await _fixture.Gateway.As(RecordedGateway.Trusted).ChatAsync(body)).Expect(200);

        var expected = Splices.WithUpstreamModel(
            Encoding.UTF8.GetBytes(body),
            RecordedGateway.Model,
            RecordedGateway.UpstreamModel
        );
        Splices.AssertSame(expected, Assert.Single(_fixture.Engine.Requests).Body);
    }
}
