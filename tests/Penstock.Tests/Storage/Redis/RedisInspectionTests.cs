using Penstock.Hosting.Doctor;

namespace Penstock.Tests.Storage.Redis;

/// <summary>What the doctor says of a shared server.</summary>
public sealed class RedisInspectionTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task A_server_that_answers_is_told_with_its_version() =>
        Assert.Contains("version 7.", Assert.Single(await LookAsync(server.Connection)).Seen, StringComparison.Ordinal);

    [Fact]
    public async Task One_that_does_not_is_a_problem_and_its_password_is_not_told()
    {
        var finding = Assert.Single(await LookAsync("127.0.0.1:1,password=hush-hush"));

        Assert.Equal(CheckStatus.Problem, finding.Status);
        Assert.DoesNotContain("hush-hush", finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_there_is_nothing_to_tell() => Assert.Empty(await LookAsync(null));

    private static Task<IReadOnlyList<Finding>> LookAsync(string? connection) =>
        RedisCheck.RunAsync(
            connection,
            TimeSpan.FromSeconds(20),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
}
