using Penstock.Contracts;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary><c>/admin/v1/plans</c>.</summary>
internal static class PlanEndpoints
{
    private const string What = "plan";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet(Routes.Plans, List).Returns<ResourceList<PlanResource>>("List plans");
        admin.MapGet(Routes.Plan, Get).Returns<PlanResource>("Get a plan");
        admin
            .MapPut(Routes.Plan, Put)
            .Takes(FieldTables.Plan, Audience.Create)
            .Returns<PlanResource>("Make or replace a plan");
        admin
            .MapDelete(Routes.Plan, Delete)
            .ReturnsNothing("Delete a plan; a shipped one gets its shipped numbers back");
    }

    private static IResult List(ManagementCall call, string? limit, string? cursor)
    {
        var (page, refusal) = ListPage.Of(limit, cursor);
        if (page is null)
        {
            return refusal!;
        }

        var list = page.Cut(call.State.Plans.Values, plan => plan.Name, Resources.Of);
        return ManagementAnswer.Json(list, ContractsJson.Default.ResourceListPlanResource);
    }

    private static IResult Get(ManagementCall call, string plan)
    {
        var state = call.State;
        return ManagementCall.Answer(state.Plans.GetValueOrDefault(plan), state, What, plan);
    }

    private static Task<IResult> Put(ManagementCall call, string plan) =>
        call.ChangeAsync(draft =>
        {
            var known = draft.After.Plans.GetValueOrDefault(plan);
            var conditional = call.Headers.IfMatch.Count > 0;
            if ((known is not null || conditional) && !call.Allows(draft, known, What, plan))
            {
                return null;
            }

            if (!TextForm.Name.Holds(plan))
            {
                draft.Mistakes.Add(Place.Of("name"), MistakeCodes.InvalidValue, $"must be {TextForm.Name.Says}");
                return null;
            }

            if (call.Read(draft, FieldTables.Plan, Audience.Create) is not { } fields)
            {
                return null;
            }

            var put = PlanChanges.Put(draft, PlanReader.Read(fields, plan));
            var status = known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            return ManagementCall.Answer(draft, put, status);
        });

    private static Task<IResult> Delete(ManagementCall call, string plan) =>
        call.ChangeAsync(draft =>
        {
            var known = draft.After.Plans.GetValueOrDefault(plan);
            return call.Allows(draft, known, What, plan) && PlanChanges.Delete(draft, known!)
                ? ManagementAnswer.NoContent
                : null;
        });
}
