namespace Penstock.Observability;

/// <summary>The log on standard output, in the chosen form.</summary>
[ProviderAlias("Output")]
internal sealed class OutputLoggerProvider(LogOptions options, LogOutput output, TimeProvider time) : ILoggerProvider
{
    public OutputLogger LoggerOf(string category) => new(category, options.Format, output, time);

    public ILogger CreateLogger(string categoryName) => LoggerOf(categoryName);

    /// <summary>The output is the container's: it writes out what is left when the last logger has gone.</summary>
    public void Dispose() { }
}
