using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Penstock.Engines;
using Penstock.Inference;
using Penstock.Inference.Tallies;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Tests.Inference;

/// <summary>What OpenTelemetry gets to see, and so every exporter.</summary>
public sealed class InferenceMetricsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly MeterProvider _provider;
    private readonly InferenceMetrics _metrics;
    private readonly SeenMetrics _seen = new();

    public InferenceMetricsTests()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(InferenceMetrics.MeterName)
            // Other tests of this process have meters of the same name.
            .AddView(instrument => instrument.Meter.Scope == factory ? null : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(_seen))
            .Build();
        _metrics = new InferenceMetrics(factory);
    }

    [Fact]
    public void A_request_is_counted_and_timed_by_model_backend_and_ending()
    {
        var route = Route("m");
        End(route, record => record.Usage = new TokenUsage(7, 2, null, null), firstByte: true);
        End(route, record => (record.HedgesWon, record.Continuations) = (1, 3));
        End(null, record => record.Ending = InferenceEnding.InvalidApiKey);

        Collect();

        Assert.Equal(2, _seen["penstock.requests|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(1, _seen["penstock.requests|backend=none|ending=invalid_api_key|model=none"]);
        Assert.Equal(2, _seen["penstock.request.duration|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(1, _seen["penstock.request.time_to_first_byte|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(7, _seen["penstock.tokens|kind=prompt|model=m"]);
        Assert.Equal(2, _seen["penstock.tokens|kind=completion|model=m"]);
        Assert.Equal(1, _seen["penstock.hedges|model=m|outcome=won"]);
        Assert.Equal(0, _seen["penstock.hedges|model=m|outcome=lost"]);
        Assert.Equal(3, _seen["penstock.stream.continuations|model=m"]);
        Assert.Equal(0, _seen["penstock.stream.malformed_events|model=m"]);
        Assert.Equal(0, _seen["penstock.attempts|model=m"]);
        Assert.Equal(0, _seen["penstock.requests.in_flight"]);
    }

    [Fact]
    public void Counters_are_sums_that_only_grow()
    {
        End(Route("m"), record => (record.Usage, record.HedgesLost) = (new TokenUsage(7, 2, null, null), 1));

        Collect();

        Assert.Equal(
            [
                "penstock.attempts LongSum",
                "penstock.hedges LongSum",
                "penstock.request.duration Histogram",
                "penstock.requests LongSum",
                "penstock.requests.in_flight LongSumNonMonotonic",
                "penstock.stream.continuations LongSum",
                "penstock.stream.malformed_events LongSum",
                "penstock.tokens LongSum",
            ],
            _seen.Kinds
        );
    }

    /// <summary>Whether they were handed over by the request that filled the sheet, or wait for whoever reads.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(TimeSheet.Lines - 1)]
    [InlineData(TimeSheet.Lines)]
    [InlineData((3 * TimeSheet.Lines) + 5)]
    public void Every_time_is_in_the_histogram_as_soon_as_somebody_looks(int requests)
    {
        var route = Route("m");
        for (var i = 0; i < requests; i++)
        {
            End(route, _ => { });
        }

        Collect();
        Assert.Equal(requests, _seen["penstock.request.duration|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(requests, _seen["penstock.requests|backend=vllm|ending=completed|model=m"]);

        End(route, _ => { });
        Collect();
        Assert.Equal(requests + 1, _seen["penstock.request.duration|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(requests + 1, _seen["penstock.requests|backend=vllm|ending=completed|model=m"]);
    }

    [Fact]
    public void Threads_that_end_requests_while_somebody_looks_lose_none()
    {
        var route = Route("m");
        Threads.Run(
            5,
            thread =>
            {
                for (var i = 0; i < (thread == 0 ? 20 : 2_000); i++)
                {
                    if (thread == 0)
                    {
                        _metrics.Begin();
                        _provider.ForceFlush();
                    }
                    else
                    {
                        End(route, _ => { });
                    }
                }
            }
        );

        Collect();
        Assert.Equal(8_000, _seen["penstock.request.duration|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(8_000, _seen["penstock.requests|backend=vllm|ending=completed|model=m"]);
        Assert.Equal(20, _seen["penstock.requests.in_flight"]);
    }

    [Fact]
    public void More_models_than_can_be_told_apart_lose_nothing_and_leave_no_series_to_chance()
    {
        for (var i = 0; i < 2_500; i++)
        {
            End(Route($"model-{i}"), record => record.Usage = new TokenUsage(1, 0, null, null));
        }

        Collect();

        Assert.Equal(2_500, _seen.Sum("penstock.requests|"));
        Assert.Equal(2_500, _seen.Sum("penstock.request.duration|"));
        Assert.Equal(2_500, _seen.Sum("penstock.tokens|"));
        Assert.DoesNotContain(_seen.Series, series => series.Contains("overflow", StringComparison.Ordinal));
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var record = new InferenceRecord
        {
            Id = Guid.NewGuid(),
            ClientRequestId = null,
            Started = _time.GetTimestamp(),
            Route = Route("m"),
            Usage = new TokenUsage(7, 2, null, null),
        };
        record.Finish(_time);

        Assert.Equal(
            0,
            Allocations.Of(() =>
            {
                _metrics.Begin();
                _metrics.End(record);
            })
        );
    }

    public void Dispose()
    {
        _provider.Dispose();
        _services.Dispose();
    }

    private void Collect() => Assert.True(_provider.ForceFlush());

    private void End(ModelRoute? route, Action<InferenceRecord> change, bool firstByte = false)
    {
        var record = new InferenceRecord
        {
            Id = Guid.NewGuid(),
            ClientRequestId = null,
            Started = _time.GetTimestamp(),
            Route = route,
            FirstByte = firstByte ? _time.GetTimestamp() : 0,
        };
        change(record);
        record.Finish(_time);
        _metrics.Begin();
        _metrics.End(record);
    }

    private ModelRoute Route(string model) =>
        new(GatewayInProcess.Deploy(model), [], new DeploymentState(_time, new Chance(1)));

    /// <summary>The latest collection: value, or count of a histogram, by instrument and labels.</summary>
    private sealed class SeenMetrics : BaseExporter<Metric>
    {
        private readonly Dictionary<string, long> _values = [];
        private readonly SortedSet<string> _kinds = new(StringComparer.Ordinal);

        public long this[string series] => _values[series];

        public IEnumerable<string> Series => _values.Keys;

        public IEnumerable<string> Kinds => _kinds;

        public long Sum(string start) =>
            _values.Where(value => value.Key.StartsWith(start, StringComparison.Ordinal)).Sum(value => value.Value);

        public override ExportResult Export(in Batch<Metric> batch)
        {
            _values.Clear();
            foreach (var metric in batch)
            {
                _kinds.Add($"{metric.Name} {metric.MetricType}");
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    _values[$"{metric.Name}{LabelsOf(point)}"] =
                        metric.MetricType == MetricType.Histogram ? point.GetHistogramCount() : SumOf(metric, point);
                }
            }

            return ExportResult.Success;
        }

        private static long SumOf(Metric metric, in MetricPoint point)
        {
            Assert.Equal(AggregationTemporality.Cumulative, metric.Temporality);
            return point.GetSumLong();
        }

        private static string LabelsOf(in MetricPoint point)
        {
            var labels = new List<string>();
            foreach (var (name, value) in point.Tags)
            {
                labels.Add($"|{name}={value}");
            }

            return string.Concat(labels.Order(StringComparer.Ordinal));
        }
    }
}
