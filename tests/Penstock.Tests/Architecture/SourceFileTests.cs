namespace Penstock.Tests.Architecture;

/// <summary>The rules of the house that only the text of a file can be asked about.</summary>
public sealed class SourceFileTests
{
    /// <summary>Past this a file holds more than one idea, whatever it says of itself.</summary>
    private const int MostLines = 400;

    /// <summary>A word of the type's vocabulary takes a few lines; what takes more is a second actor.</summary>
    private const int MostLinesOfACompanion = 30;

    /// <summary>Written in two halves, so that this file keeps its own rule.</summary>
    private static readonly string[] Forbidden = ["#" + "region", "TO" + "DO", "FIX" + "ME"];

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Violations.AssertNone(
            SourceTree.Files.Where(file => file.Lines > MostLines).Select(file => $"{file}: {file.Lines} lines")
        );

    [Fact]
    public void A_file_is_named_for_a_type_that_it_holds() =>
        Violations.AssertNone(
            SourceTree
                .Files.Where(file => file.Types.Any() && file.Types.All(type => type.Name != file.Subject))
                .Select(file => file.Path)
        );

    [Fact]
    public void Beside_that_type_stand_only_its_small_companions() =>
        Violations.AssertNone(
            from file in SourceTree.Files
            from type in file.Types
            where type.Name != file.Subject && type.Lines > MostLinesOfACompanion
            select $"{file}: the {type.Kind} {type.Name} has {type.Lines} lines and wants a file of its own"
        );

    [Fact]
    public void Nothing_is_put_off_or_folded_away() =>
        Violations.AssertNone(
            from file in SourceTree.Files
            from word in Forbidden
            where file.Text.Contains(word, StringComparison.Ordinal)
            select $"{file}: {word}"
        );

    [Theory]
    [InlineData("internal sealed partial class Kept<T>(int x)\n{\n}", "class", "Kept", 3)]
    [InlineData("public readonly record struct Point;", "record struct", "Point", 1)]
    [InlineData("internal sealed record Long(\n    int X,\n    int Y\n);", "record", "Long", 4)]
    [InlineData("internal ref struct Facts\n{\n    int x;\n}", "struct", "Facts", 4)]
    [InlineData("internal delegate ValueTask<int?> Step(int x);", "delegate", "Step", 1)]
    public void A_declaration_is_recognised(string declaration, string kind, string name, int lines)
    {
        var file = new SourceFile("X.cs", $"namespace N;\n\n[Attribute]\n{declaration}\n\ninternal enum Next;\n");

        Assert.Equal(new DeclaredType(kind, name, lines), file.Types.First());
    }
}
