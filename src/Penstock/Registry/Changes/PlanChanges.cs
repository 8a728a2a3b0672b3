namespace Penstock.Registry.Changes;

/// <summary>The changes a plan can undergo.</summary>
internal static class PlanChanges
{
    /// <summary>Puts the shipped plans where they are missing.</summary>
    public static bool AddShipped(RegistryDraft draft)
    {
        foreach (var plan in ShippedPlans.All.Where(plan => !draft.After.Plans.ContainsKey(plan.Name)))
        {
            draft.Put(plan);
        }

        return true;
    }

    /// <summary>Makes the plan, or replaces it.</summary>
    public static Plan Put(RegistryDraft draft, Declared<Plan> declared)
    {
        var plan = declared.Value;
        draft.Asked(ResourceKind.Plan, plan.Name, declared.At);
        if (plan.Keys)
        {
            CheckLimits(draft, declared);
        }

        draft.Put(plan);
        return plan;
    }

    /// <summary>Removes the plan; a shipped one comes back with its shipped numbers.</summary>
    public static bool Delete(RegistryDraft draft, Plan plan)
    {
        if (ShippedPlans.Find(plan.Name) is { } shipped)
        {
            draft.Put(shipped);
            return true;
        }

        var users = draft.After.Workspaces.Values.Where(workspace => workspace.Plan == plan.Name).ToList();
        if (users.Count > 0)
        {
            var message =
                $"{users.Count} workspaces are on plan \"{plan.Name}\", \"{users[0].Name}\" among them: "
                + "move them to another plan first";
            draft.Mistakes.Add(Place.Nowhere, MistakeCodes.InUse, message);
            return false;
        }

        draft.Remove(plan);
        return true;
    }

    private static void CheckLimits(RegistryDraft draft, Declared<Plan> declared)
    {
        var plan = declared.Value;
        foreach (
            var (field, value) in new[]
            {
                ("requests_per_minute", plan.RequestsPerMinute),
                ("max_requests_per_minute", plan.MaxRequestsPerMinute),
            }
        )
        {
            if (value is null)
            {
                draft.Mistakes.Add(declared.At(field), MistakeCodes.Missing, $"a plan with keys needs \"{field}\"");
            }
        }

        if (plan.RequestsPerMinute > plan.MaxRequestsPerMinute)
        {
            var message = $"{plan.RequestsPerMinute} is above max_requests_per_minute, {plan.MaxRequestsPerMinute}";
            draft.Mistakes.Add(declared.At("requests_per_minute"), MistakeCodes.InvalidValue, message);
        }

        if (plan.Burst > plan.MaxRequestsPerMinute)
        {
            var message = $"{plan.Burst} is above max_requests_per_minute, {plan.MaxRequestsPerMinute}";
            draft.Mistakes.Add(declared.At("burst"), MistakeCodes.InvalidValue, message);
        }
    }
}
