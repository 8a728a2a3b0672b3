using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Penstock.Tests.Architecture;

/// <summary>Holds the built server against <see cref="DependencyRules"/>.</summary>
public sealed class DependencyTests
{
    private const string Product = "Penstock";

    private static readonly ArchUnitNET.Domain.Architecture Server = new ArchLoader()
        .LoadAssemblies(OurAssemblies.Server)
        .Build();

    /// <summary>Namespaces of our other projects, which the server sees as one folder each.</summary>
    private static readonly string[] Projects = ["Contracts", "Cli", "Simulator"];

    [Fact]
    public void A_folder_uses_only_what_its_row_allows()
    {
        var violations =
            from type in Server.Types
            let folder = FolderOf(type)
            where folder is not null
            let rule = DependencyRules.Of(folder)
            where rule is not null
            from dependency in type.Dependencies
            // Type parameters of the same name are mixed up between types, and depend on nothing themselves.
            where dependency.Target is not GenericParameter
            let used = FolderOf(dependency.Target)
            where used is not null && !rule.Allows(used)
            select $"{folder} must not use {used}: {type.FullName} → {dependency.Target.FullName}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void A_file_imports_only_what_its_folder_may_use()
    {
        // Constants leave no trace in what is built: their owner shows in the imports only.
        var violations =
            from file in SourceTree.Files
            let folder = FolderOf(file.Namespace)
            where file.Path.StartsWith($"src/{Product}/", StringComparison.Ordinal)
            let rule = folder is null ? null : DependencyRules.Of(folder)
            where rule is not null
            from import in file.Imports
            let used = FolderOf(import)
            where used is not null && !rule.Allows(used)
            select $"{folder} must not use {used}: {file}";

        Violations.AssertNone(violations);
    }

    [Fact]
    public void Every_folder_has_a_row()
    {
        var folders = Server.Types.Select(FolderOf).OfType<string>().Except(Projects).Distinct();

        Violations.AssertNone(folders.Where(folder => DependencyRules.Of(folder) is null));
    }

    [Fact]
    public void Every_row_names_folders_that_are_in_the_table_and_none_that_it_forbids()
    {
        string[] known = [.. DependencyRules.All.Select(rule => rule.Folder), .. Projects, DependencyRule.Everything];

        Assert.All(
            DependencyRules.All,
            rule =>
            {
                Assert.Empty(rule.MayUse.Except(known));
                Assert.Empty(rule.MayUse.Intersect(rule.Never));
            }
        );
    }

    [Fact]
    public void No_folder_stands_above_another_that_stands_above_it()
    {
        var mutual =
            from rule in DependencyRules.All
            from other in rule.MayUse.Select(DependencyRules.Of).OfType<DependencyRule>()
            where other.MayUse.Contains(rule.Folder)
            select $"{rule.Folder} ↔ {other.Folder}";

        Violations.AssertNone(mutual);
    }

    private static string? FolderOf(IType type) => FolderOf(type.Namespace?.FullName ?? "");

    /// <returns>Null for a namespace that is not ours.</returns>
    private static string? FolderOf(string name)
    {
        var parts = name.Split('.');
        if (parts[0] != Product)
        {
            return null;
        }

        return parts switch
        {
            [_, "Storage", var technology, ..] => $"Storage.{technology}",
            [_, var folder, ..] => folder,
            _ => DependencyRules.Root,
        };
    }
}
