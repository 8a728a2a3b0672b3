using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Penstock.Hosting;

/// <summary><c>penstock version</c>.</summary>
internal static class VersionVerb
{
    public static string Version { get; } =
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "0.0.0";

    /// <summary>Without the commit behind the plus sign.</summary>
    public static string Short => Version.Split('+')[0];

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON document." };
        var verb = new Command("version", "Print the version.") { json };
        verb.SetAction(parsed =>
        {
            var runtime = RuntimeInformation.FrameworkDescription;
            Console.Out.WriteLine(
                parsed.GetValue(json)
                    ? $$"""{"version":"{{JsonEncodedText.Encode(Version)}}","runtime":"{{JsonEncodedText.Encode(runtime)}}"}"""
                    : $"penstock {Version} ({runtime})"
            );
            return 0;
        });
        return verb;
    }
}
