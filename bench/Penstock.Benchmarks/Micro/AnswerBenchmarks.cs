using BenchmarkDotNet.Attributes;
using Penstock.Benchmarks.Stages;

namespace Penstock.Benchmarks.Micro;

/// <summary>The way back: head, framing, events, and what is written of it at the end.</summary>
[MemoryDiagnoser]
public class AnswerBenchmarks
{
    private readonly AnswerStage _answer = new();
    private readonly RecordStage _record = new();

    [GlobalCleanup]
    public void CleanUp()
    {
        _record.Dispose();
        _answer.Dispose();
    }

    [Benchmark]
    public void ParseResponseHead() => _answer.ParseHead();

    [Benchmark]
    public void Dechunk() => _answer.Dechunk();

    [Benchmark]
    public void ScanEvents() => _answer.ScanEvents();

    [Benchmark]
    public void WriteClosingLine() => _record.WriteLine();

    [Benchmark]
    public void CountMetrics() => _record.Count();
}
