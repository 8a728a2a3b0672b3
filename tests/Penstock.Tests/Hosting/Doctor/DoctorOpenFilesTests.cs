using System.Diagnostics;
using Penstock.Hosting.Doctor;

namespace Penstock.Tests.Hosting.Doctor;

public sealed class DoctorOpenFilesTests
{
    [Theory]
    [InlineData(1000, CheckStatus.Warning, "some 500 streams")]
    [InlineData(4095, CheckStatus.Warning, "some 2047 streams")]
    [InlineData(4096, CheckStatus.Ok, "some 2048 streams")]
    public async Task The_limit_of_the_running_server_counts(int limit, object status, string seen)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell.");
        using var process = Process.Start(
            new ProcessStartInfo("sh", ["-c", $"ulimit -n {limit} && echo set && exec cat"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        var finding = OpenFilesCheck.Run(process.Id);

        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, finding.Status);
        Assert.Contains(seen, finding.Seen, StringComparison.Ordinal);
        Assert.Contains($"process {process.Id}", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_server_it_is_what_one_started_here_would_have() =>
        Assert.Contains("a server started from here", OpenFilesCheck.Run(null).Seen, StringComparison.Ordinal);
}
