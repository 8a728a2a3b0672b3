namespace Penstock.Contracts;

/// <summary>Body of <c>POST /admin/v1/workspaces/{workspace}/credit</c>.</summary>
public sealed record CreditWorkspace
{
    /// <summary>What is added to the prepaid balance, in the currency of the prices; negative takes away.</summary>
    public decimal? Amount { get; init; }
}
