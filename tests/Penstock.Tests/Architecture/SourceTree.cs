namespace Penstock.Tests.Architecture;

/// <summary>The repository that these tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every C# file below <c>bench</c>, <c>src</c> and <c>tests</c> that a person wrote.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
    [
        .. new[] { "bench", "src", "tests" }
            .SelectMany(folder => CSharpFilesBelow(Path.Combine(Root, folder)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path), File.ReadAllText(path))),
    ];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> CSharpFilesBelow(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(below => !NotOurs.Contains(Path.GetFileName(below)))
            .SelectMany(CSharpFilesBelow)
            .Concat(Directory.EnumerateFiles(folder, "*.cs"));

    private static string FindRoot(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Penstock.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
