using System.Text;
using Penstock.Engines;

namespace Penstock.Tests.Engines;

public sealed class UsageReaderTests
{
    [Theory]
    [InlineData(
        """{"prompt_tokens":3,"total_tokens":8,"completion_tokens":5,"prompt_tokens_details":null}""",
        3,
        5,
        null,
        null
    )]
    [InlineData(
        """{"prompt_tokens":3,"completion_tokens":0,"prompt_tokens_details":{"cached_tokens":2}}""",
        3,
        0,
        2L,
        null
    )]
    [InlineData("""{"prompt_tokens":3,"completion_tokens":5,"reasoning_tokens":4}""", 3, 5, null, 4L)]
    [InlineData(
        """{"completion_tokens":5,"completion_tokens_details":{"x":[1],"reasoning_tokens":1}}""",
        0,
        5,
        null,
        1L
    )]
    public void Every_engine_s_spelling_is_read(
        string json,
        long prompt,
        long completion,
        long? cached,
        long? reasoning
    ) =>
        Assert.Equal(
            new TokenUsage(prompt, completion, cached, reasoning),
            UsageReader.Read(Encoding.UTF8.GetBytes(json))
        );

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"prompt_tokens\":-1}")]
    [InlineData("{\"prompt_tokens\":1")]
    public void What_is_no_usage_is_null(string json) => Assert.Null(UsageReader.Read(Encoding.UTF8.GetBytes(json)));
}
