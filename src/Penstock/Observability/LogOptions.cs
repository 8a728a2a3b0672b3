using System.ComponentModel.DataAnnotations;

namespace Penstock.Observability;

/// <summary>
/// Form of the log on standard output (section <c>Logging:Console</c>, where .NET keeps it); levels are .NET's own
/// <c>Logging:LogLevel</c>.
/// </summary>
internal sealed class LogOptions
{
    public const string Section = "Logging:Console";

    /// <summary><c>simple</c>: a line for people; <c>json</c>: a JSON object a line, for machines.</summary>
    [AllowedValues("simple", "json")]
    public string FormatterName { get; set; } = "simple";

    public LogFormat Format => FormatterName == "json" ? LogFormat.Json : LogFormat.Simple;
}
