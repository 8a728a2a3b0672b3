using System.Globalization;
using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>Ollama's routes, its own under <c>/api</c> among them. It knows neither keys nor metrics.</summary>
internal sealed class OllamaRoutes
{
    private const string Newest = "0.13.5";
    private const string CardRoute = "/v1/models/";

    private readonly RouteTable _routes;

    public OllamaRoutes(SimulatorOptions options)
    {
        _routes = new RouteTable(
            ("/v1/chat/completions", "POST", null),
            ("/v1/models", "GET", (_, e) => ModelList.Of(e, (output, model) => Card(output, e, model))),
            (CardRoute + "*", "GET", (r, e) => OneModel(e, r.Path[CardRoute.Length..])),
            (
                "/api/version",
                "GET",
                (_, _) => HttpReply.JsonText($$"""{"version":"{{options.EngineVersion ?? Newest}}"}""")
            ),
            ("/api/tags", "GET", (_, e) => Models(e, isLoaded: false)),
            ("/api/ps", "GET", (_, e) => Models(e, isLoaded: true)),
            (
                "/",
                "GET, HEAD",
                (_, _) => new HttpReply(200, "text/plain; charset=utf-8", "Ollama is running"u8.ToArray())
            )
        );
    }

    /// <returns>Null for a chat completion.</returns>
    public HttpReply? Answer(HttpRequest request, EngineState engine) =>
        _routes.Answer(request, engine, () => OllamaErrors.NoPage, _ => OllamaErrors.NoPage);

    private static HttpReply OneModel(EngineState engine, string model) =>
        OllamaChatReader.IsServed(model, engine.Options)
            ? ModelList.One(output => Card(output, engine, model))
            : OllamaErrors.UnknownModel(model);

    private static void Card(ByteBuffer output, EngineState engine, string model) =>
        output
            .Add("{\"id\":"u8)
            .AddQuoted(model)
            .Add(",\"object\":\"model\",\"created\":"u8)
            .Add(engine.Started)
            .Add(",\"owned_by\":\"library\"}"u8);

    /// <summary>The models on disk, or those in memory: none while the first request's model still loads.</summary>
    private static HttpReply Models(EngineState engine, bool isLoaded)
    {
        var output = new ByteBuffer(512).Add("{\"models\":["u8);
        var models = isLoaded && !engine.IsReady ? [] : engine.Options.Models;
        for (var i = 0; i < models.Count; i++)
        {
            var digest = Dice.Mix(Dice.Hash(2, Encoding.UTF8.GetBytes(models[i]))).ToString("x16");
            output.Add(i == 0 ? "{\"name\":"u8 : ",{\"name\":"u8).AddQuoted(OllamaChatReader.Tagged(models[i]));
            output.Add(",\"model\":"u8).AddQuoted(OllamaChatReader.Tagged(models[i]));
            output.Add(",\"size\":4920753328,\"digest\":"u8).AddQuoted(digest);
            output.Add(",\"details\":{\"format\":\"gguf\",\"family\":\"llama\",\"parameter_size\":\"8.0B\"}"u8);
            if (isLoaded)
            {
                output.Add(",\"expires_at\":"u8).AddQuoted(Expiry(engine));
                output.Add(",\"size_vram\":4920753328,\"context_length\":"u8).Add(engine.Options.MaxModelLen);
            }

            output.Add((byte)'}');
        }

        return new HttpReply(200, HttpReply.Json, output.Add("]}"u8).ToArray());
    }

    // Five minutes after the last use, as it ships.
    private static string Expiry(EngineState engine) =>
        engine
            .Options.Time.GetUtcNow()
            .AddMinutes(5)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
