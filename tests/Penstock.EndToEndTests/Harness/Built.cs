using System.Reflection;

namespace Penstock.EndToEndTests.Harness;

/// <summary>Where the build put what the tests start; written into this assembly by its project file.</summary>
internal static class Built
{
    public static string Penstock { get; } = Metadata("PenstockAssembly");

    public static string Benchmarks { get; } = Metadata("BenchmarksAssembly");

    /// <summary>The root of the sources that were built.</summary>
    public static string Repository { get; } = Metadata("Repository");

    public static string ClientScripts { get; } = Metadata("ClientScripts");

    private static string Metadata(string name) =>
        typeof(Built)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == name)
            .Value
        ?? throw new InvalidOperationException($"The build did not write {name} into the test assembly.");
}
