using Penstock.Contracts;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary><c>/admin/v1/apply</c> and <c>/admin/v1/export</c>: the registry as one document.</summary>
internal static class DocumentEndpoints
{
    private const string Yaml = "application/yaml";
    private const string Json = "application/json";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin
            .MapPost(Routes.Apply, ApplyAsync)
            .TakesDocument()
            .Returns<ApplyResult>("Make the registry equal to a document");
        admin.MapGet(Routes.Export, Export).Returns<string>("The registry as a document, without secrets", Yaml, Json);
    }

    private static async Task<IResult> ApplyAsync(
        ManagementCall call,
        RegistryFileApplier applier,
        string? prune,
        string? dry_run
    )
    {
        if (Flag(prune) is not { } pruned)
        {
            return ManagementErrors.InvalidQuery("prune", "must be true or false");
        }

        if (Flag(dry_run) is not { } dry)
        {
            return ManagementErrors.InvalidQuery("dry_run", "must be true or false");
        }

        var outcome = dry
            ? applier.Preview(call.Body, pruned)
            : await applier.ApplyAsync(call.Body, call.Actor, pruned, call.Aborted);
        if (outcome.Refused)
        {
            return ManagementErrors.OfDocument(outcome.Mistakes);
        }

        var result = new ApplyResult { Changes = outcome.Value!.Changes };
        return ManagementAnswer.Json(result, ContractsJson.Default.ApplyResult);
    }

    /// <summary>YAML, unless the caller takes JSON and says nothing of YAML.</summary>
    private static IResult Export(ManagementCall call)
    {
        var text = RegistryFileWriter.Write(call.State);
        var accept = call.Headers.Accept.ToString();
        var json =
            accept.Contains(Json, StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("yaml", StringComparison.OrdinalIgnoreCase);
        return json
            ? ManagementAnswer.Text(DocumentJson.OfYaml(text), Json)
            : ManagementAnswer.Text(text, $"{Yaml}; charset=utf-8");
    }

    private static bool? Flag(string? text) =>
        text switch
        {
            null or "false" => false,
            "true" => true,
            _ => null,
        };
}
