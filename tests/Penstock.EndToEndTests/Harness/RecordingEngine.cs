using System.Net;
using System.Net.Sockets;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// A fake engine on a bare socket. It records what it received byte for byte and answers whatever a test scripts;
/// questions other than inference (health, models) are answered plainly and recorded apart.
/// </summary>
internal sealed class RecordingEngine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<RecordedRequest> _requests = [];
    private readonly List<RecordedRequest> _questions = [];
    private readonly Task _accepting;
    private Func<EngineExchange, Task> _script = EngineScripts.AnyAnswer;

    public RecordingEngine(params string[] models)
    {
        Models = models is [] ? ["org/model"] : models;
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>What it lists on <c>/v1/models</c>, the way vLLM does.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>How the next inference requests are answered.</summary>
    public Func<EngineExchange, Task> Script
    {
        set
        {
            lock (_gate)
            {
                _script = value;
            }
        }
    }

    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Everything asked of it that was not inference.</summary>
    public IReadOnlyList<RecordedRequest> Questions
    {
        get
        {
            lock (_gate)
            {
                return [.. _questions];
            }
        }
    }

    /// <summary>Forgets what it recorded and answers plainly again.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _requests.Clear();
            _questions.Clear();
            _script = EngineScripts.AnyAnswer;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception stopped)
            when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var registration = _stop.Token.Register(socket.Dispose);
        using var _ = socket;
        var reader = new RequestReader(socket);
        try
        {
            while (await reader.ReadAsync() is { } request)
            {
                var exchange = new EngineExchange(request, socket);
                await ScriptFor(request)(exchange);
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The gateway left, or the script closed the connection.
        }
    }

    private Func<EngineExchange, Task> ScriptFor(RecordedRequest request)
    {
        lock (_gate)
        {
            if (request.Method == "POST")
            {
                _requests.Add(request);
                return _script;
            }

            _questions.Add(request);
            return exchange => EngineScripts.AnswerQuestionAsync(exchange, Models);
        }
    }
}
