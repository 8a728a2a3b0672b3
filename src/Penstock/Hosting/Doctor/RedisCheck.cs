using Penstock.Storage.Redis;

namespace Penstock.Hosting.Doctor;

/// <summary>The shared server for limits, where one is named: does it answer, and is it new enough?</summary>
internal static class RedisCheck
{
    private const string Name = "redis";

    /// <summary>The first with everything that the scripts use.</summary>
    private static readonly Version Oldest = new(7, 0);

    /// <param name="connection">Never told: a password may stand in it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(
        string? connection,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (string.IsNullOrEmpty(connection) || RedisConnection.Mistake(connection) is not null)
        {
            return [];
        }

        var (version, problem) = await RedisInspection.LookAsync(connection, patience, time, cancellation);
        if (version is null)
        {
            return
            [
                Finding.Problem(
                    Name,
                    $"the shared server does not answer: {problem}",
                    "Start it, or correct --redis: until it is there, each node grants its own share of every limit."
                ),
            ];
        }

        return version < Oldest
            ?
            [
                Finding.Problem(
                    Name,
                    $"the shared server is of version {version}",
                    $"Use {Oldest} or newer, or Valkey."
                ),
            ]
            : [Finding.Ok(Name, $"the shared server answers, version {version}")];
    }
}
