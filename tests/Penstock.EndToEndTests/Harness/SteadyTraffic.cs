namespace Penstock.EndToEndTests.Harness;

/// <summary>A caller who asks one request after another until it is disposed, and counts what came of them.</summary>
internal sealed class SteadyTraffic : IAsyncDisposable
{
    private readonly Func<GatewayClient> _client;
    private readonly string _body;
    private readonly Task _asking;
    private volatile bool _ended;
    private long _answered;

    private SteadyTraffic(Func<GatewayClient> client, string body)
    {
        (_client, _body) = (client, body);
        _asking = AskAsync();
    }

    public long Answered => Interlocked.Read(ref _answered);

    /// <param name="client">Asked before each request: who sends requests may turn to another gateway.</param>
    public static SteadyTraffic Start(Func<GatewayClient> client, string body) => new(client, body);

    /// <summary>Waits for so many answers more, by which whatever was going on has met requests.</summary>
    public Task MoreAsync(int answers)
    {
        var enough = Answered + answers;
        return Until.TrueAsync(
            async () =>
            {
                if (_asking.IsFaulted)
                {
                    await _asking;
                }

                return Answered >= enough;
            },
            $"{answers} answers more"
        );
    }

    /// <summary>No request but the last one was on its way: every answer is known. Throws what a request threw.</summary>
    public async Task<long> EndAsync()
    {
        _ended = true;
        await _asking;
        return Answered;
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task AskAsync()
    {
        while (!_ended)
        {
            (await _client().ChatAsync(_body)).Expect(200);
            Interlocked.Increment(ref _answered);
        }
    }
}
