namespace Penstock.Envelopes;

/// <summary>The error codes of refused requests, as the HTTP contract spells them.</summary>
internal static class RefusalCode
{
    public const string InvalidJson = "invalid_json";
    public const string MissingParameter = "missing_required_parameter";
    public const string InvalidType = "invalid_type";
    public const string InvalidValue = "invalid_value";
    public const string UnsupportedParameter = "unsupported_parameter";

    /// <summary>The engine's judgement, whatever word it has for it.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";
}
