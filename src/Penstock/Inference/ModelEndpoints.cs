using System.Text.Json;
using Penstock.Keys;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>The models a key may call: answered from the registry, never from an engine, and free of charge.</summary>
internal sealed class ModelEndpoints(Gatekeeper gatekeeper, Router router)
{
    private const string Prefix = "/v1/models/";

    public async ValueTask<InferenceRefusal?> ListAsync(HttpContext context, InferenceRecord record)
    {
        if (await gatekeeper.LookAsync(context, record) is { } refusal)
        {
            return refusal;
        }

        var grant = record.Grant!;
        var models = router.Table.Models(grant.WorkspaceId).Where(route => grant.MayCall(route.Deployment.Model));
        await WriteAsync(
            context,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("object"u8, "list"u8);
                writer.WriteStartArray("data"u8);
                foreach (var route in models)
                {
                    WriteModel(writer, route);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
        return null;
    }

    public async ValueTask<InferenceRefusal?> RetrieveAsync(HttpContext context, InferenceRecord record)
    {
        if (await gatekeeper.LookAsync(context, record) is { } refusal)
        {
            return refusal;
        }
        // The server leaves an encoded slash encoded; client libraries encode the ids they are given.
        var id = Uri.UnescapeDataString(context.Request.Path.Value![Prefix.Length..]);
        var grant = record.Grant!;
        var routes = router.Table.Find(grant.WorkspaceId, id);
        if (ModelRefusals.Judge(grant, id, routes) is { } unknown)
        {
            return unknown;
        }

        record.Route = routes[0];
        await WriteAsync(context, writer => WriteModel(writer, routes[0]));
        return null;
    }

    private static void WriteModel(Utf8JsonWriter writer, ModelRoute route)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, route.Deployment.Model);
        writer.WriteString("object"u8, "model"u8);
        writer.WriteNumber("created"u8, route.Deployment.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("owned_by"u8, "penstock"u8);
        writer.WriteEndObject();
    }

    private static async ValueTask WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            write(writer);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
