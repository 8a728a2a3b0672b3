using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Penstock.Contracts;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>The OpenAPI document of the management API, made at the first request for it and kept.</summary>
internal sealed class AdminDocument(
    [FromKeyedServices(AdminDocument.Name)] IOpenApiDocumentProvider provider,
    ManagementListener listener
) : IDisposable
{
    public const string Name = "admin";
    private const string Path = "/openapi/admin.json";

    private readonly SemaphoreSlim _once = new(1, 1);
    private byte[]? _document;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(Path, (HttpContext http, AdminDocument admin) => admin.AnswerAsync(http))
            .ExcludeFromDescription();

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.GroupName == Name;
        options.AddOperationTransformer(OperationDescription.DescribeAsync);
        options.AddDocumentTransformer(
            (_document, _, _) =>
            {
                _document.Info = new OpenApiInfo { Title = "Penstock management API", Version = "v1" };
                _document.Servers = [];
                _document.Components ??= new OpenApiComponents();
                _document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(
                    StringComparer.Ordinal
                );
                _document.Components.SecuritySchemes["admin_token"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                };
                // Its two forms are a converter's, which the framework cannot see into.
                var defaults = BodySchema.Of(FieldTables.Deployment["defaults"], Audience.Create);
                _document.Components.Schemas?[nameof(DefaultsShape)] = defaults;
                _document.Security = [new() { [new OpenApiSecuritySchemeReference("admin_token", _document)] = [] }];
                return Task.CompletedTask;
            }
        );
    }

    public void Dispose() => _once.Dispose();

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        if (!listener.Serves(http.Connection))
        {
            return ManagementErrors.UnknownEndpoint;
        }

        // Making it takes a while, which no socket's thread has.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var bytes = _document ?? await MakeAsync(http.RequestAborted);
        return ManagementAnswer.Text(Encoding.UTF8.GetString(bytes), "application/json");
    }

    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken);
        try
        {
            if (_document is null)
            {
                var made = await provider.GetOpenApiDocumentAsync(cancellationToken);
                using var stream = new MemoryStream();
                await made.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1, cancellationToken);
                _document = stream.ToArray();
            }

            return _document;
        }
        finally
        {
            _once.Release();
        }
    }
}
