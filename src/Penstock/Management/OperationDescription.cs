using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Penstock.Contracts;

namespace Penstock.Management;

/// <summary>What the framework cannot know of an operation: its body, the types of its query, and its precondition.</summary>
internal static class OperationDescription
{
    private static readonly string[] Conditional = ["PATCH", "PUT", "DELETE"];

    public static Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Schema = QuerySchema(parameter.Name) ?? parameter.Schema;
        }

        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequestFields>().FirstOrDefault() is { } fields)
        {
            operation.RequestBody = Body(["application/json"], BodySchema.Of(fields.Table, fields.Audience));
        }
        else if (metadata.OfType<DocumentBody>().Any())
        {
            operation.RequestBody = Body(DocumentBody.MediaTypes, new OpenApiSchema { Type = JsonSchemaType.String });
        }

        if (Conditional.Contains(context.Description.HttpMethod, StringComparer.OrdinalIgnoreCase))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(IfMatch());
        }

        return Task.CompletedTask;
    }

    private static OpenApiRequestBody Body(IReadOnlyList<string> types, OpenApiSchema schema) =>
        new()
        {
            Content = types.ToDictionary(
                type => type,
                _ => new OpenApiMediaType { Schema = schema },
                StringComparer.Ordinal
            ),
        };

    private static OpenApiSchema? QuerySchema(string? name) =>
        name switch
        {
            "limit" => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{Page.MaxLimit}",
            },
            "prune" or "dry_run" => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            _ => null,
        };

    private static OpenApiParameter IfMatch() =>
        new()
        {
            Name = "If-Match",
            In = ParameterLocation.Header,
            Description = "The ETag of the version that is meant; 412 when there is a newer one.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
