using System.Text.Encodings.Web;
using System.Text.Json;
using NJsonSchema;
using Penstock.Registry;
using Penstock.Tests.Architecture;
using Penstock.Tests.Golden;

namespace Penstock.Tests.Registry;

public sealed class RegistrySchemaTests
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>PENSTOCK_ACCEPT_GOLDEN=1 writes the file.</summary>
    [Fact]
    public void The_published_schema_is_the_table_that_the_reader_obeys()
    {
        var accept = Environment.GetEnvironmentVariable("PENSTOCK_ACCEPT_GOLDEN") == "1";
        var path = Path.Combine(SourceTree.Root, "docs", "penstock.schema.json");

        GoldenFile.Compare(RegistrySchema.Build().ToJsonString(Written) + "\n", path, accept);
    }

    [Theory]
    [InlineData("""{"workspaces":[{"name":"a","plan":"pro"}]}""", true)]
    [InlineData("""{"keys":[{"name":"k","workspace":"a","secret_env":"K"}]}""", true)]
    [InlineData("""{"keys":[{"name":"k","workspace":"a"}]}""", false)]
    [InlineData("""{"keys":[{"name":"k","workspace":"a","secret":"x"}]}""", false)]
    [InlineData("""{"workspaces":[{"name":"a b"}]}""", false)]
    [InlineData("""{"workspace":[]}""", false)]
    [InlineData("""{"deployments":[{"workspace":"*","model":"m","backend":"vllm","replicas":[]}]}""", false)]
    [InlineData(
        """{"deployments":[{"workspace":"*","model":"m","backend":"vllm","replicas":[{"url":"http://a"}],"defaults":"engine","timeouts":{"idle":"30s"}}]}""",
        true
    )]
    public async Task A_validator_agrees_with_the_reader(string document, bool valid)
    {
        var schema = await JsonSchema.FromJsonAsync(RegistrySchema.Build().ToJsonString(), TestRegistry.Stop);

        Assert.Equal(valid, schema.Validate(document).Count == 0);
    }
}
