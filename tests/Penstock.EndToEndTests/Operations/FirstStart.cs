using System.Text.RegularExpressions;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>A gateway started on an empty folder by a stranger, and what it printed.</summary>
public sealed partial class FirstStart : IAsyncLifetime
{
    private static readonly int[] UsualPorts = [8000, 30000, 8080, 11434, 1234];

    private static readonly Dictionary<string, string?> NoToken = new(StringComparer.Ordinal)
    {
        ["PENSTOCK_ADMIN_TOKEN"] = null,
    };

    internal TempFolder Folder { get; } = new();

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal TimeSpan TimeToReady { get; private set; }

    internal string Banner => Gateway.Output.Text();

    internal string Key => KeyForm.FindIn(Banner) ?? throw new InvalidOperationException($"No key in:\n{Banner}");

    /// <summary>The printed command, its continued lines joined, as a shell would take it.</summary>
    internal string CurlCommand =>
        PrintedCurl().Match(Banner) is { Success: true } match
            ? match.Value
            : throw new InvalidOperationException($"No curl in:\n{Banner}");

    public async ValueTask InitializeAsync()
    {
        // Whoever runs the tests may run an engine too; then there is something to discover, and this test has no case.
        string[] arguments = UsualPorts.All(FreePort.IsFree) ? [] : ["--no-discovery"];
        var start = TimeProvider.System.GetTimestamp();
        Gateway = await GatewayProcess.StartAsync(Folder, arguments, NoToken);
        TimeToReady = TimeProvider.System.GetElapsedTime(start);
        await Gateway.Output.LineAsync(line => line.Contains("curl", StringComparison.Ordinal), "the banner");
        await Until.TrueAsync(() => Banner.TrimEnd().EndsWith('\\') is false, "the whole banner");
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        Folder.Dispose();
    }

    [GeneratedRegex(
        @"curl(.*\\\r?\n)*.*",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PrintedCurl();
}
