using System.Net;
using System.Text;

namespace Penstock.Tests.Registry.Discovery;

/// <summary>An engine of a few lines on a port of its own: each path answers with what the test says.</summary>
internal sealed class LittleEngine : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Dictionary<string, string> _answers;

    /// <param name="answers">JSON by path; every other path is 404. A value of null never answers.</param>
    public LittleEngine(params (string Path, string? Json)[] answers)
    {
        _answers = answers
            .Where(answer => answer.Json is not null)
            .ToDictionary(answer => answer.Path, answer => answer.Json!, StringComparer.Ordinal);
        Silent = answers
            .Where(answer => answer.Json is null)
            .Select(answer => answer.Path)
            .ToHashSet(StringComparer.Ordinal);
        (_listener, Url) = Listen();
        _ = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Of what it has no answer for.</summary>
    public int Status { get; init; } = 404;

    public List<string> Asked { get; } = [];

    /// <summary>What was asked so far, as <c>GET /path</c>.</summary>
    public IReadOnlyList<string> Asks
    {
        get
        {
            lock (Asked)
            {
                return [.. Asked];
            }
        }
    }

    public IEnumerable<string> Paths => Asks.Select(ask => ask.Split(' ')[1]);

    private HashSet<string> Silent { get; }

    public static LittleEngine OfModels(string ownedBy, params string[] models) =>
        new(("/v1/models", Models(ownedBy, models)));

    public static string Models(string ownedBy, params string[] models) =>
        $$"""{"object":"list","data":[{{string.Join(',', models.Select(model => $$"""{"id":"{{model}}","object":"model","owned_by":"{{ownedBy}}"}"""))}}]}""";

    public int Count(string path) => Paths.Count(asked => asked == path);

    public void Dispose() => _listener.Close();

    private static (HttpListener Listener, string Url) Listen()
    {
        // The listener cannot choose a port itself.
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            // One that could not start is of no use any more.
            var listener = new HttpListener { Prefixes = { url + "/" } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else took it in between.
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var path = context.Request.Url!.AbsolutePath;
            lock (Asked)
            {
                Asked.Add($"{context.Request.HttpMethod} {path}");
            }

            if (Silent.Contains(path))
            {
                continue;
            }

            var found = _answers.TryGetValue(path, out var json);
            context.Response.StatusCode = found ? 200 : Status;
            context.Response.ContentType = "application/json";
            context.Response.Close(Encoding.UTF8.GetBytes(json ?? "{}"), willBlock: false);
        }
    }
}
