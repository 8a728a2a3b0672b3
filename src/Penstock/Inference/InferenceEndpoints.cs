using Penstock.Transport.Plain;

namespace Penstock.Inference;

/// <summary>The route table of the callers' API, and nothing else: an allow-list, so that no path is ever passed on.</summary>
internal static class InferenceEndpoints
{
    private const string Completions = "/v1/chat/completions";

    public static void UseInference(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<InferenceDoor>();
        var completions = app.Services.GetRequiredService<InferencePipeline>();
        var models = app.Services.GetRequiredService<ModelEndpoints>();
        var elsewhere = app.Services.GetRequiredService<UnknownEndpoints>();

        Func<HttpContext, InferenceRecord, ValueTask<InferenceRefusal?>> complete = completions.RunAsync;
        // Where the gateway reads plain requests itself, they come here by a shorter way.
        var longest = app.Services.GetRequiredService<InferenceOptions>().RequestBodyBytes;
        app.Services.GetRequiredService<PlainRoute>()
            .Set(Completions, longest, context => door.RunAsync(context, complete));

        Endpoint[] table =
        [
            new(Completions, Under: false, HttpMethods.Post, complete),
            new("/v1/models", Under: false, HttpMethods.Get, models.ListAsync),
            new("/v1/models/", Under: true, HttpMethods.Get, models.RetrieveAsync),
            new("/v1/", Under: true, null, elsewhere.RunAsync),
        ];

        app.Use(next =>
            context =>
            {
                var path = context.Request.Path.Value ?? "";
                foreach (var endpoint in table)
                {
                    if (endpoint.Serves(path))
                    {
                        return door.RunAsync(
                                context,
                                endpoint.Allows(context) ? endpoint.Steps : elsewhere.OtherMethod(endpoint.Method!)
                            )
                            .AsTask();
                    }
                }
                return next(context);
            }
        );
    }

    /// <param name="Under">Serves every path below as well: model ids hold slashes.</param>
    /// <param name="Method">The one method it takes; null: any.</param>
    private sealed record Endpoint(
        string Path,
        bool Under,
        string? Method,
        Func<HttpContext, InferenceRecord, ValueTask<InferenceRefusal?>> Steps
    )
    {
        public bool Serves(string path) =>
            Under
                ? path.StartsWith(Path, StringComparison.Ordinal)
                : string.Equals(path, Path, StringComparison.Ordinal);

        public bool Allows(HttpContext context) =>
            Method is null || string.Equals(context.Request.Method, Method, StringComparison.OrdinalIgnoreCase);
    }
}
