using System.Text;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>
/// Remembers the last requests, so that a test can say what an engine received. Bounded in number and bytes.
/// </summary>
internal sealed class RequestLog(int capacity)
{
    // As much as one largest body: more than any test looks at, less than anyone misses.
    private const long MaxBytes = HttpLimits.Body;

    private readonly Queue<HttpRequest> _requests = new();
    private readonly Lock _sync = new();
    private long _bytes;
    private long _total;

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_sync)
            {
                var first = _total - _requests.Count + 1;
                return [.. _requests.Select((request, i) => View(request, first + i))];
            }
        }
    }

    public void Add(HttpRequest request)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (_sync)
        {
            _requests.Enqueue(request);
            _bytes += request.Body.Length;
            _total++;
            while (_requests.Count > capacity || (_bytes > MaxBytes && _requests.Count > 1))
            {
                _bytes -= _requests.Dequeue().Body.Length;
            }
        }
    }

    public void Clear()
    {
        lock (_sync)
        {
            _requests.Clear();
            _bytes = _total = 0;
        }
    }

    private static ReceivedRequest View(HttpRequest request, long number) =>
        new(
            number,
            Encoding.Latin1.GetString(request.Head.Span[..request.Head.Span.IndexOf("\r\n"u8)]),
            [.. request.Headers.Select(h => new KeyValuePair<string, string>(h.Name, h.Value))],
            request.Head,
            request.Body
        );
}
