namespace Penstock.Registry.Changes;

/// <summary>What a key may ask for.</summary>
internal static class KeyRules
{
    /// <summary>No limit of its own above the plan's ceiling. What it had before may stay when the plan has shrunk.</summary>
    /// <param name="previous">null: everything is asked for anew.</param>
    public static void CheckCeiling(
        RegistryDraft draft,
        Declared<KeySpec> declared,
        Workspace workspace,
        KeyRecord? previous
    )
    {
        if (draft.After.Plans.GetValueOrDefault(workspace.Plan) is not { MaxRequestsPerMinute: { } ceiling } plan)
        {
            return;
        }

        var spec = declared.Value;
        Check("requests_per_minute", spec.RequestsPerMinute, previous?.RequestsPerMinute);
        Check("burst", spec.Burst, previous?.Burst);

        void Check(string field, int? asked, int? had)
        {
            if (asked > ceiling && asked != had)
            {
                var message = $"{asked} is above the ceiling of plan \"{plan.Name}\", {ceiling}";
                draft.Mistakes.Add(declared.At(field), MistakeCodes.PlanLimitExceeded, message);
            }
        }
    }
}
