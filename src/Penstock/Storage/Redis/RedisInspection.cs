using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>Looks at a server once, and changes nothing there.</summary>
internal static class RedisInspection
{
    /// <returns>Its version, or in words why there is none.</returns>
    public static async Task<(Version? Version, string? Problem)> LookAsync(
        string connection,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var configuration = ConfigurationOptions.Parse(connection);
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = (int)patience.TotalMilliseconds;
        try
        {
            var connecting = ConnectionMultiplexer.ConnectAsync(configuration);
            await using var opened = await connecting.WaitAsync(patience, time, cancellationToken);
            await opened.GetDatabase().PingAsync().WaitAsync(patience, time, cancellationToken);
            return (opened.GetServers()[0].Version, null);
        }
        catch (RedisException error)
        {
            return (null, error.Message);
        }
        catch (TimeoutException)
        {
            return (null, $"no answer within {patience.TotalSeconds} s");
        }
    }
}
