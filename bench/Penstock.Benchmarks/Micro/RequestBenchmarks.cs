using BenchmarkDotNet.Attributes;
using Penstock.Benchmarks.Stages;

namespace Penstock.Benchmarks.Micro;

/// <summary>The way in: door, body, route, the engine's request.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private readonly DoorStage _door = new();
    private readonly RequestStage _small = new(prompt: 300);
    private readonly RequestStage _medium = new(prompt: 32 * 1024);
    private readonly RequestStage _large = new(prompt: 256 * 1024);

    [Benchmark]
    public void Authenticate() => _door.Authenticate();

    [Benchmark]
    public void TakeLimit() => _door.TakeLimit();

    [Benchmark]
    public void WriteLimitHeaders() => _door.WriteLimitHeaders();

    [Benchmark]
    public void SkimSmall() => _small.Skim();

    [Benchmark]
    public void Skim32K() => _medium.Skim();

    [Benchmark]
    public void Skim256K() => _large.Skim();

    [Benchmark]
    public void FindRoute() => _small.FindRoute();

    [Benchmark]
    public void Splice() => _small.Splice();

    [Benchmark]
    public void WriteRequestHead() => _small.WriteHead();
}
