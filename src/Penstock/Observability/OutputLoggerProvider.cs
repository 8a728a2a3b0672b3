namespace Penstock.Observability;

/// <summary>The log on standard output, in the chosen form.</summary>
[ProviderAlias("Output")]
internal sealed class OutputLoggerProvider(LogOptions options, TimeProvider time) : ILoggerProvider
{
    private readonly LogOutput _output = new(Console.OpenStandardOutput());

    public ILogger CreateLogger(string categoryName) => new OutputLogger(categoryName, options.Format, _output, time);

    public void Dispose() => _output.Dispose();
}
