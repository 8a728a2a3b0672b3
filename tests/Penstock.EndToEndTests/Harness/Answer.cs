using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A whole answer of the gateway, its bytes untouched.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public IReadOnlyList<SseEvent> Events => SseEvent.Parse(Text);

    public string? Header(string name) =>
        // As sent: the typed collections put values into an order of their own.
        Headers.NonValidated.TryGetValues(name, out var values)
        || ContentHeaders.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got:\n{this}");
        return this;
    }

    /// <summary>An error exactly as the contract writes it.</summary>
    public Answer ExpectError(int status, string type, string? code, string? param = null)
    {
        Expect(status);
        var error = ErrorEnvelope.Of(this);
        Assert.True(
            error.Type == type && error.Code == code && (param is null || error.Param == param),
            $"Expected {type}, code {code}, param {param ?? "(any)"}, got:\n{this}"
        );
        return this;
    }

    public override string ToString() =>
        $"{Status}\n{Headers}{ContentHeaders}\n{(Text.Length > 4000 ? Text[..4000] + "…" : Text)}";
}
