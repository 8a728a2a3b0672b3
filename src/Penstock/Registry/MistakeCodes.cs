namespace Penstock.Registry;

/// <summary>The codes that a refused change can carry, as the error envelope spells them.</summary>
internal static class MistakeCodes
{
    public const string InvalidDocument = "invalid_json";
    public const string Missing = "missing_required_parameter";
    public const string InvalidType = "invalid_type";
    public const string InvalidValue = "invalid_value";
    public const string UnknownField = "unsupported_parameter";
    public const string PlanLimitExceeded = "plan_limit_exceeded";
    public const string NotFound = "not_found";
    public const string AlreadyExists = "already_exists";

    /// <summary>Something else still needs what was to be removed.</summary>
    public const string InUse = "in_use";

    /// <summary>The resource is in a state that does not allow this.</summary>
    public const string Conflict = "conflict";

    public const string PreconditionFailed = "precondition_failed";
}
