using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Clients;

/// <summary>The official library for .NET as a caller sets it up: a base URL and a key.</summary>
internal static class DotNetClient
{
    public static ChatClient Chat(
        SimulatedGateway fixture,
        string model = SimulatedGateway.Model,
        string? secret = null,
        HttpMessageHandler? handler = null
    ) => new(model, Credential(secret), Options(fixture, handler));

    public static ApiKeyCredential Credential(string? secret = null) =>
        new(secret ?? Declaration.Secret(SimulatedGateway.Tenant));

    public static OpenAIClientOptions Options(SimulatedGateway fixture, HttpMessageHandler? handler = null)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(fixture.Gateway.BaseUrl + "/v1") };
        if (handler is not null)
        {
            options.Transport = new HttpClientPipelineTransport(new HttpClient(handler));
        }

        return options;
    }
}
