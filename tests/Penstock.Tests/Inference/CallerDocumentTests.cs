using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Penstock.Envelopes;
using Penstock.Inference;
using Penstock.Primitives;
using Penstock.Tests.Docs;

namespace Penstock.Tests.Inference;

/// <summary>The document is written by hand: these hold it to the code and to the page that people read.</summary>
public sealed partial class CallerDocumentTests
{
    private static readonly JsonNode Document = JsonNode.Parse(CallerDocument.Read())!;

    private static JsonObject Components => Document["components"]!.AsObject();

    private static JsonObject Request => Components["schemas"]!["ChatCompletionRequest"]!.AsObject();

    [Fact]
    public void A_reader_of_OpenAPI_finds_nothing_wrong_with_it()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(Document.ToJsonString(), OpenApiConstants.Json);

        Assert.NotNull(document);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic!.SpecificationVersion);
        Assert.Empty(diagnostic.Errors.Select(error => error.ToString()));
        Assert.Empty(diagnostic.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = Nodes(Document)
            .OfType<JsonObject>()
            .Select(node => node["$ref"]?.GetValue<string>())
            .OfType<string>()
            .Distinct()
            .ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Follow(reference)));
    }

    [Fact]
    public void Every_component_is_used()
    {
        var text = Document.ToJsonString();
        var unused =
            from kind in Components
            where kind.Key is not "securitySchemes"
            from component in kind.Value!.AsObject()
            let path = $"#/components/{kind.Key}/{component.Key}"
            where !text.Contains($"\"{path}\"", StringComparison.Ordinal)
            select path;

        // What a stream and the wrong method of a path bring has no place of its own in OpenAPI.
        Assert.Equal(
            ["#/components/responses/MethodNotAllowed", "#/components/schemas/ChatCompletionChunk"],
            unused.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_error_codes_are_the_code_s()
    {
        var codes = Components["schemas"]!["ErrorCode"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>());

        Assert.Equal(Codes().Select(known => known.Code).Distinct().Order(), codes.Order());
    }

    [Fact]
    public void Each_error_code_comes_with_its_status_and_its_type()
    {
        var statuses = Document["paths"]!["/v1/chat/completions"]!["post"]!["responses"]!.AsObject();
        var told =
            from response in Components["responses"]!.AsObject()
            from example in response.Value!["content"]!["application/json"]!["examples"]!.AsObject()
            let error = example.Value!["value"]!["error"]!
            let status = StatusOf(response.Key, statuses)
            select (example.Key, error["code"]!.GetValue<string>(), status, error["type"]!.GetValue<string>());

        Assert.Equal(
            Codes().Select(known => (known.Code, known.Code, known.Status, known.Type)).Distinct().Order(),
            told.Order()
        );
    }

    [Fact]
    public void The_error_types_are_the_code_s()
    {
        var types = Components["schemas"]!["ErrorType"]!["enum"]!.AsArray().Select(type => type!.GetValue<string>());

        Assert.Equal(Codes().Select(known => known.Type).Distinct().Order(), types.Order());
    }

    [Fact]
    public void The_headers_are_those_of_the_page()
    {
        var page = MarkdownTable
            .Read("http-api.md", "| header | value | on |")
            .Select(row => row[0].Split(':')[0].Trim('`'))
            .Append("Allow");

        Assert.Equal(page.Order(), Components["headers"]!.AsObject().Select(header => header.Key).Order());
    }

    [Fact]
    public void The_endpoints_are_those_of_the_page()
    {
        var page = MarkdownTable
            .Read("http-api.md", "| route | what |")
            .Select(row => Route().Match(row[0]))
            .Where(route => route.Success)
            .Select(route => route.Value.Replace("{id}", "{model}", StringComparison.Ordinal));
        var told =
            from path in Document["paths"]!.AsObject()
            where path.Key.StartsWith("/v1/", StringComparison.Ordinal)
            from method in path.Value!.AsObject()
            select $"{method.Key.ToUpperInvariant()} {path.Key}";

        Assert.Equal(page.Order(), told.Order());
    }

    [Fact]
    public void The_parameters_are_those_of_the_page()
    {
        var page = Parameters().SelectMany(row => row.Names.Select(name => $"{name}: {row}"));
        var told = Request["properties"]!.AsObject().Select(property => $"{property.Key}: {Told(property)}");

        Assert.Equal(page.Order(), told.Order());
    }

    [Fact]
    public void Null_may_be_said_for_every_parameter_but_the_required_ones()
    {
        var required = Request["required"]!.AsArray().Select(name => name!.GetValue<string>()).ToHashSet();

        Assert.All(
            Request["properties"]!.AsObject(),
            property => Assert.NotEqual(required.Contains(property.Key), TypesOf(property.Value!).Contains("null"))
        );
    }

    [Fact]
    public async Task It_is_served_to_whoever_asks_and_not_twice_to_who_has_it()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddPrimitives();
        await using var app = builder.Build();
        app.MapCallerDocument();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var first = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            CallerDocument.Read(),
            await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
        Assert.True(Guid.TryParse(Assert.Single(first.Headers.GetValues("X-Request-Id")), out _));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    /// <summary>Every code that the gateway itself can give, with the status and the type it comes with.</summary>
    private static IEnumerable<(string Code, int Status, string Type)> Codes()
    {
        var endings = Enum.GetValues<InferenceEnding>().Select(EndingFacts.Of);
        var refused = EndingFacts.Of(InferenceEnding.InvalidRequest);
        return endings
            .Where(facts => facts.Code is not null)
            .Select(facts => (facts.Code!, facts.Status, facts.Type))
            .Concat(
                typeof(RefusalCode)
                    .GetFields()
                    .Select(field => ((string)field.GetRawConstantValue()!, refused.Status, refused.Type))
            );
    }

    /// <summary>The status that a response is listed under; the one of a wrong method is listed nowhere.</summary>
    private static int StatusOf(string response, JsonObject statuses)
    {
        var reference = $"#/components/responses/{response}";
        var status = statuses.FirstOrDefault(one => one.Value!["$ref"]?.GetValue<string>() == reference).Key;
        return status is null ? StatusCodes.Status405MethodNotAllowed : int.Parse(status, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<ParameterRow> Parameters() =>
        MarkdownTable.Read("http-api.md", "| field | type | range | default |").Select(ParameterRow.OfPage);

    /// <summary>A property of the schema, in the words of the page's row.</summary>
    private static ParameterRow Told(KeyValuePair<string, JsonNode?> property)
    {
        var schema = property.Value!;
        var required = Request["required"]!.AsArray().Any(name => name!.GetValue<string>() == property.Key);
        return new ParameterRow(
            [property.Key],
            string.Join(' ', TypesOf(schema).Where(type => type != "null").Distinct().Order()),
            Bound(schema, "minimum", "minItems", "minLength"),
            Bound(schema, "maximum", "maxItems", "maxLength"),
            required ? "required" : schema["default"]?.ToJsonString() ?? ""
        );
    }

    private static string Bound(JsonNode schema, params string[] names) =>
        Nodes(schema)
            .OfType<JsonObject>()
            .SelectMany(node => names.Select(name => node[name]))
            .FirstOrDefault(bound => bound is JsonValue)
            ?.ToJsonString()
        ?? "";

    private static IEnumerable<string> TypesOf(JsonNode schema) =>
        schema switch
        {
            JsonObject when schema["$ref"] is { } reference => TypesOf(Follow(reference.GetValue<string>())!),
            JsonObject when schema["anyOf"] is { } either => either.AsArray().SelectMany(one => TypesOf(one!)),
            JsonObject when schema["type"] is JsonArray several => several.Select(type => type!.GetValue<string>()),
            JsonObject when schema["type"] is { } type => [type.GetValue<string>()],
            _ => [],
        };

    private static JsonNode? Follow(string reference) =>
        reference.Split('/')[1..].Aggregate((JsonNode?)Document, (node, name) => node?[name]);

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => Nodes(member.Value)).Prepend(members),
            JsonArray items => items.SelectMany(Nodes).Prepend(items),
            not null => [node],
            null => [],
        };

    [GeneratedRegex("(GET|POST) /v1/[a-z/{}]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Route();
}
