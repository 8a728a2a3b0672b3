using Penstock.Registry;

namespace Penstock.Tests.Registry;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("modle", ", did you mean \"model\"?")]
    [InlineData("workspce", ", did you mean \"workspace\"?")]
    [InlineData("moel", ", did you mean \"model\"?")]
    [InlineData("zebra", "")]
    [InlineData("m", "")]
    [InlineData("", "")]
    public void Only_a_slip_of_the_finger_is_corrected(string name, string expected) =>
        Assert.Equal(expected, Suggestion.For(name, ["model", "workspace", "name"]));
}
