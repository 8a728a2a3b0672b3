using System.Net;
using System.Text.Json;
using Penstock.Engines;
using Penstock.Registry.Reading;

namespace Penstock.Registry.Discovery;

/// <summary>Asks one address what it is. Never makes an engine generate anything.</summary>
internal sealed class EngineProbe : IDisposable
{
    // A catalogue of more models than a person can choose from is not a local engine's.
    private const int MostModels = 256;
    private const int MostBytes = 1024 * 1024;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            // What is asked for is what is answered: nobody in between, nowhere else.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        }
    )
    {
        MaxResponseContentBufferSize = MostBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The engine at a URL; null with the reason why there is none.</summary>
    public async Task<(FoundEngine? Engine, string? Problem)> AskAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri($"{url}/v1/models"), cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"it answers {(int)response.StatusCode} to GET /v1/models");
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var cards = JsonSerializer.Deserialize(body, ModelCardsJson.Default.ModelCards)?.Data ?? [];
            var models = cards
                .Select(card => card?.Id ?? "")
                .Where(TextForm.Model.Holds)
                .Distinct(StringComparer.Ordinal);
            var engine = new FoundEngine(
                url,
                await RecogniseAsync(url, cards, cancellationToken),
                [.. models.Take(MostModels)]
            );
            return engine.Models.Count > 0 ? (engine, null) : (null, "it offers no models");
        }
        catch (JsonException)
        {
            return (null, "its answer to GET /v1/models is not a list of models");
        }
        catch (HttpRequestException error)
        {
            return (null, error.InnerException?.Message ?? error.Message);
        }
        catch (OperationCanceledException)
        {
            return (null, "it does not answer in time");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> RecogniseAsync(
        string url,
        IReadOnlyList<ModelCard?> cards,
        CancellationToken cancellationToken
    )
    {
        // What an engine says of itself comes first: some answer the paths of others.
        var owners = cards.Select(card => card?.OwnedBy).ToHashSet(StringComparer.Ordinal);
        foreach (var engine in EngineCatalog.All)
        {
            if (engine.Signature is { } signature && signature.OwnedBy.Any(owners.Contains))
            {
                return engine.Name;
            }
        }

        foreach (var engine in EngineCatalog.All)
        {
            if (
                engine.Signature is { Proof: not null } signature
                && await ProvesAsync(url, signature, cancellationToken)
            )
            {
                return engine.Name;
            }
        }

        return EngineCatalog.OpenAi;
    }

    private async Task<bool> ProvesAsync(string url, EngineSignature signature, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(url + signature.Proof), cancellationToken);
        if (
            response.StatusCode != HttpStatusCode.OK
            || response.Content.Headers.ContentType?.MediaType != "application/json"
        )
        {
            return false;
        }

        if (signature.ProofMember is not { } member)
        {
            return true;
        }

        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(member, out _);
    }
}
