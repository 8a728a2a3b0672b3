namespace Penstock.EndToEndTests.Clients;

/// <summary>Watches the attempts of a client library on their way.</summary>
internal sealed class WatchingHandler : DelegatingHandler
{
    private readonly List<HttpResponseMessage> _answers = [];

    public WatchingHandler()
        : base(new SocketsHttpHandler()) { }

    public IReadOnlyList<HttpResponseMessage> Answers => _answers;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var answer = await base.SendAsync(request, cancellationToken);
        _answers.Add(answer);
        return answer;
    }
}
