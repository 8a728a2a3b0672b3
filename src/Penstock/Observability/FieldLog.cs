namespace Penstock.Observability;

/// <summary>
/// Where lines of fields go. The framework finds its way to each logger's generic method anew every time, which costs a
/// request as much as a third of its line; where our own output is the only one, it is called at once. Levels are the
/// framework's to choose in any case.
/// </summary>
internal sealed class FieldLog<TCategory>(ILogger<TCategory> logger, IEnumerable<ILoggerProvider> providers)
{
    private readonly OutputLogger? _output = providers.ToList() is [OutputLoggerProvider output]
        ? output.LoggerOf(typeof(TCategory).FullName!)
        : null;

    public void Write(LogLevel level, EventId id, ILogFields fields)
    {
        if (_output is null)
        {
            logger.Log(level, id, fields, null, static (fields, _) => fields.ToString() ?? "");
        }
        else if (logger.IsEnabled(level))
        {
            _output.Write(level, id, fields);
        }
    }
}
