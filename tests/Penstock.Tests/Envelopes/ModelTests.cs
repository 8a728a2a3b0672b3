using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

public sealed class ModelTests
{
    [Theory]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("meta-llama\\/Llama", "meta-llama/Llama")]
    [InlineData("\\u006d\\u00e8\\ud83d\\ude00\\n", "mè😀\n")]
    [InlineData("mè😀", "mè😀")]
    public void The_name_is_what_the_string_means(string spelled, string meant)
    {
        var body = Encoding.UTF8.GetBytes(Body($"\"{spelled}\""));
        Assert.Null(EnvelopeReader.Read(body, out var envelope));
        Span<char> name = stackalloc char[RequestEnvelope.LongestModel];
        Assert.True(envelope.TryCopyModel(body, name, out var length));
        Assert.Equal(meant, name[..length].ToString());

        Span<byte> scratch = stackalloc byte[RequestEnvelope.LongestModel];
        Assert.Equal(meant, Encoding.UTF8.GetString(envelope.ModelUtf8(body, scratch)));
    }

    [Theory]
    [InlineData("null", "missing_required_parameter")]
    [InlineData("1", "invalid_type")]
    [InlineData("[\"m\"]", "invalid_type")]
    [InlineData("{}", "invalid_type")]
    [InlineData("true", "invalid_type")]
    [InlineData("\"\"", "invalid_value")]
    [InlineData("\"\\ud800\"", "invalid_value")]
    [InlineData("\"\\ude00\\ud83d\"", "invalid_value")]
    [InlineData("\"\\ud83dx\"", "invalid_value")]
    public void What_names_no_model_is_refused(string value, string code) => Bodies.Refused(Body(value), code, "model");

    [Fact]
    public void The_model_must_be_there() =>
        Bodies.Refused($$"""{"messages":{{Bodies.Messages}}}""", RefusalCode.MissingParameter, "model");

    [Theory]
    [InlineData("m", 256, true)]
    [InlineData("m", 257, false)]
    [InlineData("\\u006d", 256, true)]
    [InlineData("\\u006d", 257, false)]
    [InlineData("è", 128, true)]
    [InlineData("è", 129, false)]
    public void A_name_has_256_bytes_at_most(string letter, int times, bool accepted)
    {
        var refusal = Bodies.Refusal(Body('"' + string.Concat(Enumerable.Repeat(letter, times)) + '"'));
        Assert.Equal(accepted ? null : RefusalCode.InvalidValue, refusal?.Code);
    }

    private static string Body(string model) => $$"""{"messages":{{Bodies.Messages}},"model":{{model}}}""";
}
