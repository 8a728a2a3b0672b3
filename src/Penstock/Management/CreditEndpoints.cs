using System.Text.Json;
using Penstock.Contracts;
using Penstock.Metering;
using Penstock.Registry;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary><c>/admin/v1/workspaces/{workspace}/credit</c>: prepaid balances.</summary>
internal static class CreditEndpoints
{
    private const string Amount = "amount";

    public static void Map(IEndpointRouteBuilder admin) =>
        admin
            .MapPost(Routes.CreditWorkspace, CreditAsync)
            .Takes(FieldTables.Credit, Audience.Create)
            .Returns<WorkspaceResource>("Add to a workspace's prepaid balance");

    private static async Task<IResult> CreditAsync(
        ManagementCall call,
        IUsageStore usage,
        UsageWriter writer,
        string workspace
    )
    {
        // What was spent before the first credit is not taken from it.
        await writer.FlushAsync(call.Aborted);
        var spent = await usage.SpentAsync(call.Aborted);
        return await call.ChangeAsync(draft =>
        {
            var known = draft.After.FindWorkspace(workspace);
            if (
                !call.Allows(draft, known, "workspace", workspace)
                || call.Read(draft, FieldTables.Credit, Audience.Create) is not { } fields
            )
            {
                return null;
            }

            var before = spent.GetValueOrDefault(known!.Id);
            var added = (MoneyReader.Micros(fields, Amount, null) ?? 0) * Money.NanosPerMicro;
            var changed = known with { Credited = (known.Credited ?? before) + added };
            draft.Put(changed);
            return Answer(draft.Mistakes.Any, changed, changed.Credited.Value - before, draft.After);
        });
    }

    private static ManagementAnswer? Answer(bool refused, Workspace changed, long balance, RegistryState state)
    {
        if (refused)
        {
            return null;
        }

        var shown = Resources.Of(changed) with { Balance = Money.OfNanos(balance) };
        return ManagementAnswer.Resource(
            JsonSerializer.Serialize(shown, ContractsJson.Default.WorkspaceResource),
            ResourceJson.Of(changed, state),
            StatusCodes.Status200OK
        );
    }
}
