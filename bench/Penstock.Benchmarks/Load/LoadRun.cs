namespace Penstock.Benchmarks.Load;

/// <summary>Many callers against one server: a closed loop, or an open one at a given rate.</summary>
internal sealed class LoadRun(Uri server, byte[] body, bool stream)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <param name="rate">Requests a second over all connections; 0: each sends when its answer is whole.</param>
    /// <param name="atMiddle">Called when the counted time begins and when it ends.</param>
    public async Task<LoadCounts> RunAsync(int connections, int rate, TimeSpan counted, Action atMiddle)
    {
        var all = new List<LoadConnection>();
        for (var i = 0; i < connections; i++)
        {
            var connection = new LoadConnection(server, body, stream);
            await connection.ConnectAsync();
            all.Add(connection);
        }

        using var stop = new CancellationTokenSource();
        var begin = TimeProvider.System.GetTimestamp();
        var clock = new Pace(begin, rate);
        // Streams begin one after the other, or all of them would speak at the same moment.
        var loops = all.Select(
                (connection, i) => LoopAsync(connection, clock, stream ? i * 2_000 / connections : 0, stop.Token)
            )
            .ToArray();
        await Task.Delay(stream ? WarmUp * 2 : WarmUp, TimeProvider.System);
        var before = all.ConvertAll(connection => connection.Counts.Mark());
        atMiddle();
        await Task.Delay(counted, TimeProvider.System);
        atMiddle();
        var sums = LoadCounts.Sum(all.Zip(before, static (connection, mark) => connection.Counts.Since(mark)));
        await stop.CancelAsync();
        foreach (var connection in all)
        {
            connection.Dispose();
        }

        await Task.WhenAll(loops);
        return sums;
    }

    private static async Task LoopAsync(LoadConnection connection, Pace pace, int delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, stop);
            while (!stop.IsCancellationRequested)
            {
                await connection.AskAsync(await pace.NextAsync(stop));
            }
        }
        catch (Exception e) when (stop.IsCancellationRequested || e is OperationCanceledException)
        {
            // The run is over: connections are left in the middle of whatever they do.
        }
    }
}
