namespace Penstock.Tests.Golden;

public sealed class GoldenFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-golden-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "Some.Test.golden.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_text_that_is_in_its_file_passes() => GoldenFile.Verify("The first line.\nThe second line.\n");

    [Fact]
    public void The_file_stands_beside_the_test_and_bears_its_name() =>
        Assert.Equal(Path, GoldenFile.PathOf(System.IO.Path.Combine(_folder, "Some.cs"), "Test"));

    [Fact]
    public void A_missing_file_fails_and_says_how_to_make_it()
    {
        var failure = Record.Exception(() => GoldenFile.Compare("new\n", Path, accept: false));

        Assert.Contains("PENSTOCK_ACCEPT_GOLDEN=1", failure?.Message, StringComparison.Ordinal);
        Assert.Contains("+ new", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_is_shown_without_what_stands_around_it()
    {
        File.WriteAllText(Path, "same\nold\r\nsame too\n");

        var failure = Record.Exception(() => GoldenFile.Compare("same\nnew\r\nsame too\n", Path, accept: false));

        Assert.EndsWith("from line 2:\n- old\\r\n+ new\\r\n", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_accepted_text_is_the_expectation_from_then_on()
    {
        GoldenFile.Compare("new\r\nbytes as they are", Path, accept: true);

        Assert.Equal("new\r\nbytes as they are", File.ReadAllText(Path));
        GoldenFile.Compare("new\r\nbytes as they are", Path, accept: false);
    }
}
