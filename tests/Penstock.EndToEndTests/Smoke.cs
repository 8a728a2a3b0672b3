namespace Penstock.EndToEndTests;

public sealed class Smoke
{
    [Fact]
    public void The_house_stands() => Assert.True(true);
}
