using System.Net.Sockets;

namespace Penstock.Hosting.Doctor;

/// <summary>Connects and GETs, all within one bound from its making. What fails is told in words, not thrown.</summary>
internal sealed class BoundedClient : IDisposable
{
    /// <summary>A list of every model of a large engine is a tenth of it.</summary>
    private const int MostBytes = 1 << 20;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            // Who is named is who is asked: nobody in between, nowhere else.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        }
    )
    {
        MaxResponseContentBufferSize = MostBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly CancellationTokenSource _bound;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;
    private readonly string _late;

    public BoundedClient(TimeSpan patience, TimeProvider time, CancellationToken caller)
    {
        _bound = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_bound.Token, caller);
        _caller = caller;
        _late = $"no answer within {patience.TotalSeconds} s";
    }

    /// <summary>Null: somebody accepts connections there.</summary>
    public async Task<string?> ConnectAsync(Uri url)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(url.IdnHost, url.Port, _either.Token);
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
        catch (OperationCanceledException) when (!_caller.IsCancellationRequested)
        {
            return _late;
        }
    }

    /// <param name="credential">Sent as a bearer token; null: none.</param>
    public async Task<HttpSight> GetAsync(Uri url, string? credential)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (credential is not null)
            {
                request.Headers.Authorization = new("Bearer", credential);
            }

            using var response = await _http.SendAsync(request, _either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(_either.Token);
            return new HttpSight((int)response.StatusCode, body, Failure: null);
        }
        catch (HttpRequestException error)
        {
            return new HttpSight(0, [], error.InnerException?.Message ?? error.Message);
        }
        catch (OperationCanceledException) when (!_caller.IsCancellationRequested)
        {
            return new HttpSight(0, [], _late);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _bound.Dispose();
        _http.Dispose();
    }
}
