using BenchmarkDotNet.Running;
using Penstock.Benchmarks.Allocations;
using Penstock.Benchmarks.Fuzz;
using Penstock.Benchmarks.Gateways;
using Penstock.Benchmarks.Load;
using Penstock.Hosting;

KestrelSetup.PreferInlineCompletions();
switch (args)
{
    case ["allocations"]:
        return await AllocationGate.RunAsync(Console.Out);
    case ["load", .. var options]:
        return await LoadTable.RunAsync(options, Console.Out);
    case ["bare", var url, var engine]:
        return await BareGateway.RunAsync(url, engine);
    case ["fuzz", .. var options]:
        return FuzzRun.Run(options, Console.Out);
    case ["micro", .. var filters]:
        BenchmarkSwitcher.FromAssembly(typeof(AllocationGate).Assembly).Run(filters);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            allocations     bytes allocated by each hot method, a request and a streamed chunk, against allocations.json
            load [--help]   CPU, latency, memory and aborts of the gateway under load, beside a direct run
            bare URL ENGINE the transport and the connections to an engine with no feature between them, to be measured
            fuzz SECONDS    broken answers thrown at the readers of what engines send
            micro [filter]  time of each hot method (BenchmarkDotNet)
            """
        );
        return 2;
}
