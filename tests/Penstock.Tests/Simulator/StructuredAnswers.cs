using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NJsonSchema;
using Penstock.Simulator.Answers.Schema;

namespace Penstock.Tests.Simulator;

/// <summary>Answers in a prescribed form, judged by a validator that is not ours.</summary>
public sealed class StructuredAnswers
{
    public static TheoryData<string> Schemas =>
        [
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a","b"],"additionalProperties":false}""",
            """{"type":"object","properties":{"s":{"type":"string","minLength":40,"maxLength":44}},"required":["s"]}""",
            """{"type":"object","properties":{"s":{"type":"string","maxLength":2}},"required":["s"]}""",
            """{"type":"object","properties":{"s":{"type":"string","pattern":"^[A-Z]{3}-\\d{4}$"}},"required":["s"]}""",
            """{"type":"object","properties":{"s":{"type":"string","pattern":"^(red|green|blue)( light)?$"}},"required":["s"]}""",
            """{"type":"object","properties":{"s":{"type":"string","pattern":"^\\+?[1-9]\\d{6,14}$"}},"required":["s"]}""",
            """{"type":"object","properties":{"s":{"type":"string","pattern":"^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$"}},"required":["s"]}""",
            """{"type":"object","properties":{"s":{"type":"string","pattern":"abc","minLength":12}},"required":["s"]}""",
            """{"type":"object","properties":{"d":{"type":"string","format":"date-time"},"e":{"type":"string","format":"email"},"u":{"type":"string","format":"uuid"},"l":{"type":"string","format":"uri"},"i":{"type":"string","format":"ipv4"},"t":{"type":"string","format":"date"}},"required":["d","e","u","l","i","t"]}""",
            """{"type":"object","properties":{"n":{"type":"number","minimum":0.25,"maximum":0.26}},"required":["n"]}""",
            """{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":4,"exclusiveMaximum":6}},"required":["n"]}""",
            """{"type":"object","properties":{"n":{"type":"integer","multipleOf":7,"minimum":50}},"required":["n"]}""",
            """{"type":"object","properties":{"n":{"type":"number","multipleOf":0.05,"maximum":-1}},"required":["n"]}""",
            """{"type":"object","properties":{"n":{"type":"integer","minimum":-10,"maximum":-10}},"required":["n"]}""",
            """{"type":"object","properties":{"c":{"const":"exactly this"},"e":{"enum":[1,"two",null,{"three":3}]}},"required":["c","e"]}""",
            """{"type":"object","properties":{"list":{"type":"array","items":{"type":"integer"},"minItems":3,"maxItems":3}},"required":["list"]}""",
            """{"type":"object","properties":{"list":{"type":"array","items":{"enum":["a","b","c"]},"uniqueItems":true,"minItems":3}},"required":["list"]}""",
            """{"type":"object","properties":{"list":{"type":"array","maxItems":0}},"required":["list"]}""",
            """{"type":"array","items":{"type":"object","properties":{"x":{"type":"boolean"}},"required":["x"]},"minItems":1}""",
            """{"type":"object","properties":{"v":{"anyOf":[{"type":"string","minLength":5},{"type":"integer","minimum":10}]}},"required":["v"]}""",
            """{"type":"object","properties":{"v":{"oneOf":[{"type":"integer","minimum":1},{"type":"integer","maximum":5},{"type":"string"}]}},"required":["v"]}""",
            """{"type":"object","properties":{"v":{"allOf":[{"type":"integer","minimum":3},{"maximum":4},{"multipleOf":2}]}},"required":["v"]}""",
            """{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"number"}},"required":["b"]}]}""",
            """{"type":"object","properties":{"v":{"type":["string","null"]},"w":{"type":["integer","boolean"]}},"required":["v","w"],"additionalProperties":false}""",
            """{"type":"object","properties":{"v":{"not":{"type":"string"},"type":["string","integer"]}},"required":["v"]}""",
            """{"type":"object","additionalProperties":{"type":"integer"},"minProperties":3}""",
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}},"maxProperties":1}""",
            """{"type":"object","patternProperties":{"^x-[a-z]+$":{"type":"boolean"}},"additionalProperties":false,"minProperties":2}""",
            """{"definitions":{"p":{"type":"object","properties":{"x":{"type":"number"}},"required":["x"]}},"type":"object","properties":{"from":{"$ref":"#/definitions/p"},"to":{"$ref":"#/definitions/p"}},"required":["from","to"]}""",
            """{"definitions":{"node":{"type":"object","properties":{"value":{"type":"integer"},"children":{"type":"array","items":{"$ref":"#/definitions/node"}}},"required":["value","children"],"additionalProperties":false}},"type":"object","properties":{"root":{"$ref":"#/definitions/node"}},"required":["root"]}""",
            """{"type":"object","properties":{"name":{"type":"string"},"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["name","next"],"additionalProperties":false}""",
            """{"type":"object","properties":{"steps":{"type":"array","items":{"type":"object","properties":{"explanation":{"type":"string"},"output":{"type":"string"}},"required":["explanation","output"],"additionalProperties":false}},"final_answer":{"type":"string"}},"required":["steps","final_answer"],"additionalProperties":false}""",
            """{"type":"object"}""",
            """{}""",
        ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task An_answer_is_an_instance_of_the_schema(string text)
    {
        var schema = await JsonSchema.FromJsonAsync(text, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        for (ulong seed = 0; seed < 40; seed++)
        {
            var instance = PythonJson.Write(SchemaInstance.Write(document.RootElement, seed));
            Assert.True(schema.Validate(instance).Count == 0, $"{instance} is not valid for {text}");
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task The_server_answers_with_an_instance(string text)
    {
        var schema = await JsonSchema.FromJsonAsync(text, TestContext.Current.CancellationToken);
        await using var simulator = new SimulatorClient();
        var format = $$$"""{"type":"json_schema","json_schema":{"name":"it","strict":true,"schema":{{{text}}}}}""";
        var answer = await simulator.JsonAsync(SimulatorClient.Body("hello", $"\"response_format\":{format}"));
        Assert.Empty(schema.Validate(answer["choices"]![0]!["message"]!["content"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(
        """{"$defs":{"p":{"$anchor":"p","type":"integer"}},"type":"object","properties":{"x":{"$ref":"#p"}},"required":["x"]}"""
    )]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"minItems":2}""")]
    [InlineData("""{"type":"array","contains":{"const":7},"items":{"type":"integer"},"minItems":2}""")]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"boolean"}},"required":["a"],"if":{"properties":{"a":{"const":true}}},"then":{"required":["b"]},"else":{"required":["c"]}}"""
    )]
    [InlineData("""{"type":"object","properties":{"a":{},"b":{}},"required":["a"],"dependentRequired":{"a":["b"]}}""")]
    [InlineData("""{"type":"object","propertyNames":{"pattern":"^[a-z]{4}$"},"minProperties":2}""")]
    [InlineData("""{"type":"string","pattern":"^\\p{Lu}\\p{Ll}+$"}""")]
    public void Newer_keywords_hold_by_our_own_judgement(string text)
    {
        // The outside validator knows drafts up to 7 and not these.
        using var document = JsonDocument.Parse(text);
        var check = new SchemaCheck(new SchemaDocument(document.RootElement));
        for (ulong seed = 0; seed < 40; seed++)
        {
            var instance = SchemaInstance.Write(document.RootElement, seed);
            Assert.True(
                check.IsValid(instance, document.RootElement),
                $"{instance?.ToJsonString()} is not valid for {text}"
            );
        }
    }

    [Property(MaxTest = 150)]
    public Property Any_schema_of_the_usual_kind_gets_an_instance() =>
        Prop.ForAll(
            Arb.From(SchemaGen(3)),
            Arb.From(Gen.Choose(0, 1000)),
            (node, seed) =>
            {
                var text = node.ToJsonString();
                using var document = JsonDocument.Parse(text);
                var instance = PythonJson.Write(SchemaInstance.Write(document.RootElement, (ulong)seed));
                var errors = JsonSchema.FromJsonAsync(text).GetAwaiter().GetResult().Validate(instance);
                return (errors.Count == 0).Label($"{instance} for {text}: {string.Join("; ", errors)}");
            }
        );

    [Theory]
    [InlineData("""{"type":"object","required":["x"],"properties":{"x":{"$ref":"#"}}}""")]
    [InlineData("""{"$ref":"#/definitions/none"}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"type":"string","pattern":"(((((((((("}""")]
    [InlineData("""{"type":"string","pattern":"^(a+)+$","minLength":50}""")]
    [InlineData("""{"type":"array","minItems":2000000000,"items":{"type":"integer"}}""")]
    [InlineData("""{"type":"string","minLength":2000000000}""")]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"integer"}]}""")]
    [InlineData("""{"enum":[]}""")]
    [InlineData("""{"oneOf":[{},{}]}""")]
    [InlineData("""{"oneOf":[{"$ref":"#"},{"$ref":"#"}]}""")]
    [InlineData("""{"not":{"$ref":"#"}}""")]
    [InlineData("""{"allOf":[{"$ref":"#"},{"$ref":"#"}],"anyOf":[{"$ref":"#"},{"$ref":"#"}]}""")]
    public void A_schema_that_nothing_satisfies_still_gets_an_answer(string text)
    {
        using var document = JsonDocument.Parse(text);
        PythonJson.Write(SchemaInstance.Write(document.RootElement, 1));
    }

    [Theory]
    [InlineData("""{"type":"string","minLength":"long"}""")]
    [InlineData("""{"anyOf":{}}""")]
    [InlineData("""{"type":"object","properties":[]}""")]
    [InlineData("""{"type":"object","required":{}}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"enum":"a"}""")]
    [InlineData("""{"type":"string","pattern":7}""")]
    [InlineData("""{"type":"number","multipleOf":0}""")]
    [InlineData("""{"type":"integer","minimum":1e300}""")]
    public async Task A_schema_with_mistakes_is_answered_or_refused_and_never_breaks_the_engine(string text)
    {
        await using var simulator = new SimulatorClient();
        var format = $$$"""{"type":"json_schema","json_schema":{"name":"it","schema":{{{text}}}}}""";
        using var response = await simulator.PostAsync(SimulatorClient.Body("hello", $"\"response_format\":{format}"));
        Assert.Contains((int)response.StatusCode, (int[])[200, 400]);
        Assert.Equal(0, simulator.Server.Counters.Running);
    }

    [Fact]
    public async Task A_JSON_object_is_one()
    {
        await using var simulator = new SimulatorClient();
        var answer = await simulator.JsonAsync(
            SimulatorClient.Body("hello", "\"response_format\":{\"type\":\"json_object\"}")
        );
        Assert.IsType<JsonObject>(JsonNode.Parse(answer["choices"]![0]!["message"]!["content"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"choice":["yes","no"]}""", "^(yes|no)$")]
    [InlineData("""{"regex":"[a-c]{5}"}""", "^[a-c]{5}$")]
    public async Task The_engines_own_constraints_hold(string constraint, string pattern)
    {
        await using var simulator = new SimulatorClient();
        var answer = await simulator.JsonAsync(SimulatorClient.Body("hello", $"\"structured_outputs\":{constraint}"));
        Assert.Matches(pattern, answer["choices"]![0]!["message"]!["content"]!.GetValue<string>());
    }

    private static Gen<JsonNode> SchemaGen(int depth)
    {
        var leaves = Gen.OneOf(
            Gen.Choose(0, 20)
                .SelectMany(
                    _ => Gen.Choose(0, 10),
                    (min, more) => Node($$"""{"type":"string","minLength":{{min}},"maxLength":{{min + more}}}""")
                ),
            Gen.Choose(-50, 50)
                .SelectMany(
                    _ => Gen.Choose(0, 9),
                    (min, more) => Node($$"""{"type":"integer","minimum":{{min}},"maximum":{{min + more}}}""")
                ),
            Gen.Choose(-50, 50).Select(min => Node($$"""{"type":"number","exclusiveMinimum":{{min}}}""")),
            Gen.Elements("boolean", "null", "string", "integer", "number").Select(t => Node($$"""{"type":"{{t}}"}""")),
            Gen.Elements("""{"enum":["a",1,null,[2]]}""", """{"const":{"k":[1,2]}}""").Select(Node)
        );
        if (depth == 0)
        {
            return leaves;
        }

        var inner = SchemaGen(depth - 1);
        var lists = inner.SelectMany(
            _ => Gen.Choose(0, 3),
            (item, min) =>
                Node($$"""{"type":"array","items":{{item.ToJsonString()}},"minItems":{{min}},"maxItems":{{min + 1}}}""")
        );
        var unions = inner
            .ListOf(2)
            .Select(two => Node($$"""{"anyOf":[{{string.Join(',', two.Select(t => t.ToJsonString()))}}]}"""));
        var objects = inner
            .ListOf(3)
            .SelectMany(
                _ => Gen.Choose(0, 3),
                (properties, required) =>
                    Node(
                        $$"""{"type":"object","additionalProperties":false,"properties":{{{string.Join(',', properties.Select((p, i) => $"\"p{i}\":{p.ToJsonString()}"))}}},"required":[{{string.Join(',', Enumerable.Range(0, required).Select(i => $"\"p{i}\""))}}]}"""
                    )
            );
        return Gen.OneOf(leaves, lists, unions, objects);
    }

    private static JsonNode Node(string text) => JsonNode.Parse(text)!;
}
