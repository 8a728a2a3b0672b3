using System.Net.Sockets;

namespace Penstock.Probing;

/// <summary>
/// Asks engines outside of the traffic, on connections of its own, bounded in time and bytes. What fails is told, not
/// thrown, and whoever awaits goes on on the thread pool: the threads of the sockets are the callers'.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public EngineClient(ProbingOptions options, TimeProvider time)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            // Who is named is who is asked: nobody in between, nowhere else.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(options.PatienceSeconds),
            // Below the 5 s of uvicorn: going first spares the reset.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
            // An answer that is left is hung up on. By itself the handler would read on, to keep the connection.
            MaxResponseDrainSize = 0,
        };
        _http = new HttpClient(handler)
        {
            MaxResponseContentBufferSize = options.AnswerBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Task<EngineReply> GetAsync(EngineAddress engine, string path, TimeSpan patience, CancellationToken stop) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, engine.At(path)), engine, patience, stop);

    public Task<EngineReply> PostAsync(EngineAddress engine, byte[] body, TimeSpan patience, CancellationToken stop) =>
        AskAsync(Post(engine, body), engine, patience, stop);

    /// <summary>Sends a request and leaves its answer to be read; disposing it hangs up.</summary>
    /// <returns>Null where there is no answer.</returns>
    public async Task<HttpResponseMessage?> OpenAsync(EngineAddress engine, byte[] body, CancellationToken stop)
    {
        using var request = Post(engine, body);
        Sign(request, engine);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        finally
        {
            await LeaveTheSocketAsync();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<EngineReply> AskAsync(
        HttpRequestMessage request,
        EngineAddress engine,
        TimeSpan patience,
        CancellationToken stop
    )
    {
        using var bound = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, stop);
        using (request)
        {
            Sign(request, engine);
            try
            {
                using var response = await _http.SendAsync(request, either.Token);
                var body = await response.Content.ReadAsByteArrayAsync(either.Token);
                return EngineReply.Answer((int)response.StatusCode, body);
            }
            catch (HttpRequestException error)
                when (error.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
            {
                return EngineReply.None(ReplyKind.TooLarge, "the answer is too large");
            }
            catch (HttpRequestException error)
            {
                return EngineReply.None(ReplyKind.Unreachable, Words(error));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return EngineReply.None(ReplyKind.Late, $"no answer within {patience.TotalSeconds} s");
            }
            finally
            {
                await LeaveTheSocketAsync();
            }
        }
    }

    private static HttpRequestMessage Post(EngineAddress engine, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return new HttpRequestMessage(HttpMethod.Post, engine.At(engine.Engine.ChatPath)) { Content = content };
    }

    private static void Sign(HttpRequestMessage request, EngineAddress engine)
    {
        if (engine.ApiKey is { } key)
        {
            request.Headers.Authorization = new("Bearer", key);
        }
    }

    private static string Words(HttpRequestException error) =>
        error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            ? "connection refused"
            : error.InnerException?.Message ?? error.Message;

    /// <summary>With inline completions (decision 5) an await comes back on the thread of the sockets' event loop.</summary>
    private static async Task LeaveTheSocketAsync() =>
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
