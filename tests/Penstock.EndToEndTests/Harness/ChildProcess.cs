using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>A started process: its output as lines with their stream, signals by id, killed when disposed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    private readonly Process _process;
    private readonly ProcessOutput _output = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public ProcessOutput Output => _output;

    /// <summary>Resident memory in bytes, from the kernel.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Id}/status")
                .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
        }
    }

    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null
    )
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        var process = new Process { StartInfo = info };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) => child._output.Add("out", line.Data);
        process.ErrorDataReceived += (_, line) => child._output.Add("err", line.Data);
        process.Start();
        RunningProcesses.Add(child);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end; the exit code, and everything it wrote.</summary>
    public static async Task<ProcessResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null,
        TimeSpan? patience = null
    )
    {
        await using var child = Start(program, arguments, environment, folder);
        var code = await child.WaitForExitAsync(patience);
        return new ProcessResult(code, child._output.Text("out"), child._output.Text("err"));
    }

    public async Task<int> WaitForExitAsync(TimeSpan? patience = null)
    {
        using var bound = new CancellationTokenSource(patience ?? Until.Patience, TimeProvider.System);
        try
        {
            // Waits for the end of both output streams as well.
            await _process.WaitForExitAsync(bound.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The process {Id} did not end.\n{_output}", late);
        }
    }

    public void Terminate() => Signal(SigTerm);

    public void KillHard() => Signal(SigKill);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            await WaitForExitAsync();
        }

        RunningProcesses.Remove(this);
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = Kill(Id, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
