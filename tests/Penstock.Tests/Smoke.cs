namespace Penstock.Tests;

public sealed class Smoke
{
    [Fact]
    public void The_house_stands() => Assert.True(true);
}
