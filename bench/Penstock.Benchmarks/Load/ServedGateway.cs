using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Penstock.Benchmarks.Gateways;

namespace Penstock.Benchmarks.Load;

/// <summary>The gateway as a process of its own, with every feature on, and what the kernel says of it.</summary>
internal sealed class ServedGateway : IAsyncDisposable
{
    /// <summary>Clock ticks of /proc: 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly BenchFiles _files;

    private ServedGateway(Process process, BenchFiles files, Uri url) =>
        (_process, _files, Url) = (process, files, url);

    public Uri Url { get; }

    /// <summary>From the start of the process until it says that it is ready.</summary>
    public TimeSpan StartUp { get; private set; }

    /// <summary>CPU time of all its threads, user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var fields = ReadStat();
            // utime and stime, the 14th and 15th; the first two are cut off already.
            return TimeSpan.FromSeconds((double.Parse(fields[11]) + double.Parse(fields[12])) / TicksPerSecond);
        }
    }

    public double ResidentMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status")
                .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return double.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static async Task<ServedGateway> StartAsync(IEnumerable<(string Model, Uri Url)> engines)
    {
        var files = new BenchFiles(engines);
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var program = Path.Combine(AppContext.BaseDirectory, "penstock.dll");
        // The shell sends the log, a line a request, to where it costs this process nothing.
        var info = new ProcessStartInfo("/bin/sh");
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add("exec dotnet \"$0\" \"$@\" >/dev/null");
        foreach (
            var argument in (string[])
                [
                    program,
                    "serve",
                    "--urls",
                    url.AbsoluteUri,
                    "--data",
                    files.Data,
                    "--config",
                    files.Config,
                    "--no-discovery",
                ]
        )
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment[BenchFiles.KeyVariable] = BenchFiles.Key;
        var begin = TimeProvider.System.GetTimestamp();
        var gateway = new ServedGateway(Process.Start(info)!, files, url);
        await gateway.WaitUntilReadyAsync(begin);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _files.Dispose();
    }

    private async Task WaitUntilReadyAsync(long begin)
    {
        using var client = new HttpClient { BaseAddress = Url };
        while (TimeProvider.System.GetElapsedTime(begin) < Patience)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    StartUp = TimeProvider.System.GetElapsedTime(begin);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
        throw new TimeoutException($"The gateway was not ready after {Patience}.");
    }

    private string[] ReadStat()
    {
        var text = File.ReadAllText($"/proc/{_process.Id}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
