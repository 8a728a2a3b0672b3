using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Engines;
using Penstock.Inference;
using Penstock.Observability;

namespace Penstock.Benchmarks.Stages;

/// <summary>Step 8: the closing line and the metrics of one request.</summary>
internal sealed class RecordStage : IDisposable
{
    private readonly LogOutput _output = new(Stream.Null);
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly FieldLog<InferenceRecorder> _log;
    private readonly InferenceMetrics _metrics;
    private readonly InferenceRecord _record;

    public RecordStage()
    {
        var options = new LogOptions { FormatterName = "json" };
        _services = new ServiceCollection()
            .AddMetrics()
            .AddLogging(log => log.AddProvider(new OutputLoggerProvider(options, _output, TimeProvider.System)))
            .AddSingleton<FieldLog<InferenceRecorder>>()
            .BuildServiceProvider();
        _log = _services.GetRequiredService<FieldLog<InferenceRecorder>>();
        _metrics = new InferenceMetrics(_services.GetRequiredService<IMeterFactory>());
        _record = new InferenceRecord
        {
            Id = Guid.NewGuid(),
            ClientRequestId = null,
            Started = TimeProvider.System.GetTimestamp(),
            Usage = new TokenUsage(42, 16, null, null),
            Status = 200,
        };
        _record.Finish(TimeProvider.System);
        // Somebody must listen, or nothing is measured.
        _listener.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _listener.Start();
    }

    public void WriteLine() => _log.Ended(_record);

    public void Count()
    {
        _metrics.Begin();
        _metrics.End(_record);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
        _output.Dispose();
    }
}
