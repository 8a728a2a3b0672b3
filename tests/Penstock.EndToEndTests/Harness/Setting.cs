namespace Penstock.EndToEndTests.Harness;

/// <summary>Server settings that tests shorten, as an operator names them in the environment (docs/configuration.md).</summary>
internal static class Setting
{
    /// <summary>Silence of a stream before a comment goes out.</summary>
    public const string KeepAliveSeconds = "PENSTOCK__Relaying__KeepAliveSeconds";

    /// <summary>How long a body may dawdle before its pace is judged.</summary>
    public const string BodyGraceSeconds = "PENSTOCK__Inference__BodyGraceSeconds";

    /// <summary>Largest body taken.</summary>
    public const string RequestBodyBytes = "PENSTOCK__Inference__RequestBodyBytes";

    /// <summary>What running answers get after SIGTERM.</summary>
    public const string ShutdownGraceSeconds = "PENSTOCK__Inference__ShutdownGraceSeconds";

    /// <summary>The form of a log line.</summary>
    public const string LogFormat = "PENSTOCK__Logging__Console__FormatterName";

    public static Dictionary<string, string?> Of(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(s => s.Name, s => (string?)s.Value, StringComparer.Ordinal);
}
