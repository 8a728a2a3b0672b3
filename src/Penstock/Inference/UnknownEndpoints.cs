using Microsoft.Net.Http.Headers;

namespace Penstock.Inference;

/// <summary>Paths and methods that do not exist. A known caller pays for the question like for any other.</summary>
internal sealed class UnknownEndpoints(Gatekeeper gatekeeper)
{
    public async ValueTask<InferenceRefusal?> RunAsync(HttpContext context, InferenceRecord record) =>
        await ChargeAsync(context, record)
        ?? new InferenceRefusal(
            InferenceEnding.UnknownEndpoint,
            $"There is no {context.Request.Method} {context.Request.Path}. See the list of endpoints in docs/http-api.md."
        );

    public Func<HttpContext, InferenceRecord, ValueTask<InferenceRefusal?>> OtherMethod(string allowed) =>
        async (context, record) =>
        {
            context.Response.Headers[HeaderNames.Allow] = allowed;
            return await ChargeAsync(context, record)
                ?? new InferenceRefusal(InferenceEnding.MethodNotAllowed, $"Send {allowed} to {context.Request.Path}.");
        };

    /// <summary>A stranger is told that the path is wrong, not that a key is missing; so is the bearer of a bad one.</summary>
    private async ValueTask<InferenceRefusal?> ChargeAsync(HttpContext context, InferenceRecord record)
    {
        var refusal = await gatekeeper.AdmitAsync(context, record);
        return record.Grant is null ? null : refusal;
    }
}
