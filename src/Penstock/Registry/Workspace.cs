using Penstock.Keys;

namespace Penstock.Registry;

/// <summary>A tenant: keys and deployments belong to one, and it has one plan. Immutable.</summary>
internal sealed record Workspace
{
    /// <summary>Stands for every workspace where a deployment names its own.</summary>
    public const string All = "*";

    public required Guid Id { get; init; }

    /// <summary>Unique; letters, digits, dots, dashes and underscores, so that it can stand in a URL.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its plan.</summary>
    public required string Plan { get; init; }

    /// <summary>What its keys may use together.</summary>
    public Allowance Limits { get; init; } = Allowance.Unlimited;

    /// <summary>
    /// What it has ever been credited with, in nano-units, so that what is left is this less all that it has ever spent;
    /// null: it does not pay beforehand.
    /// </summary>
    public long? Credited { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
