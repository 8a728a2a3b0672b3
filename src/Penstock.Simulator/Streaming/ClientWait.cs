using Penstock.Simulator.Http;
using Penstock.Simulator.Pacing;

namespace Penstock.Simulator.Streaming;

/// <summary>A wait outside of a generation that ends when the client goes.</summary>
internal static class ClientWait
{
    /// <param name="wheel">Whose time.</param>
    /// <param name="exchange">Whose client, watched by nobody else meanwhile.</param>
    /// <param name="time">How long; null until the client goes.</param>
    /// <returns>False when the client went.</returns>
    public static async ValueTask<bool> ForAsync(TimerWheel wheel, Exchange exchange, TimeSpan? time)
    {
        var wait = new WheelWait(wheel);
        exchange.WatchClient(wait.Cancel);
        try
        {
            return await wait.UntilAsync(time is { } span ? wheel.Now + span.Ticks : WheelWait.Never);
        }
        finally
        {
            exchange.UnwatchClient();
        }
    }
}
