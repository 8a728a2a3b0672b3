using Penstock.Registry.Changes;

namespace Penstock.Registry.Reading;

/// <summary>Reads a plan.</summary>
internal static class PlanReader
{
    /// <param name="name">Where the document does not hold it.</param>
    public static Declared<Plan> Read(Fields fields, string name = "")
    {
        var plan = new Plan
        {
            Name = fields.Text("name", name),
            RequestsPerMinute = fields.Integer("requests_per_minute", null, null),
            MaxRequestsPerMinute = fields.Integer("max_requests_per_minute", null, null),
            Burst = fields.Integer("burst", null, null),
            Keys = fields.Boolean("keys", true),
            Priority = fields.Integer("priority", 0, 0) ?? 0,
        };
        return new Declared<Plan>(plan, fields.At);
    }
}
