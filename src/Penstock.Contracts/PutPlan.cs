namespace Penstock.Contracts;

/// <summary>Body of <c>PUT /admin/v1/plans/{plan}</c>: the whole plan, its name is in the path.</summary>
public sealed record PutPlan
{
    public int? RequestsPerMinute { get; init; }
    public int? MaxRequestsPerMinute { get; init; }
    public int? Burst { get; init; }

    /// <summary>Absent: yes.</summary>
    public bool? Keys { get; init; }

    /// <summary>0 to 9; absent: 0.</summary>
    public int? Priority { get; init; }
}
