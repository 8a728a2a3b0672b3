using Penstock.Contracts;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointDescriptions
{
    private const string Json = "application/json";

    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, FieldTable table, Audience audience) =>
        endpoint.WithMetadata(new RequestFields(table, audience));

    public static RouteHandlerBuilder TakesDocument(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(DocumentBody.Mark);

    public static RouteHandlerBuilder Returns<T>(
        this RouteHandlerBuilder endpoint,
        string summary,
        string contentType = Json,
        params string[] others
    ) => endpoint.WithSummary(summary).Produces<T>(StatusCodes.Status200OK, contentType, others).Refuses();

    public static RouteHandlerBuilder Creates<T>(this RouteHandlerBuilder endpoint, string summary) =>
        endpoint.WithSummary(summary).Produces<T>(StatusCodes.Status201Created, Json).Refuses();

    public static RouteHandlerBuilder ReturnsNothing(this RouteHandlerBuilder endpoint, string summary) =>
        endpoint.WithSummary(summary).Produces(StatusCodes.Status204NoContent).Refuses();

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Produces<ErrorEnvelope>(StatusCodes.Status400BadRequest, Json)
            .Produces<ErrorEnvelope>(StatusCodes.Status401Unauthorized, Json)
            .Produces<ErrorEnvelope>(StatusCodes.Status404NotFound, Json);
}
