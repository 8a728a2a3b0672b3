using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Speed;

/// <summary>
/// Times differ on every machine; allocated bytes do not. A method, a request or a chunk that allocates more than
/// <c>bench/Penstock.Benchmarks/Allocations/allocations.json</c> allows fails here.
/// </summary>
public sealed class AllocationGateTests
{
    /// <summary>Some ten seconds of work, on a machine that runs other tests beside it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task No_hot_method_request_or_chunk_allocates_more_than_is_allowed()
    {
        var gate = await ChildProcess.RunAsync("dotnet", [Built.Benchmarks, "allocations"], patience: Patience);

        gate.Expect(0);
    }
}
