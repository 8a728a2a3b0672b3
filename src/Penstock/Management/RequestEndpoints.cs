using Penstock.Contracts;
using Penstock.Routing.Explaining;

namespace Penstock.Management;

/// <summary><c>/admin/v1/requests/{id}</c>: how a request was routed, as long as this gateway remembers it.</summary>
internal static class RequestEndpoints
{
    public static void Map(IEndpointRouteBuilder admin) =>
        admin.MapGet(Routes.Request, Explain).Returns<RequestExplanation>("Explain how a request was routed");

    private static IResult Explain(string id, Explanations explanations) =>
        Guid.TryParse(id, out var request) && explanations.Read(request) is { } trace
            ? ManagementAnswer.Json(ExplainedTrace.Of(trace), ContractsJson.Default.RequestExplanation)
            : ManagementErrors.NotFound("request that this gateway remembers", id);
}
