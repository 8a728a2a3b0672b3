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

    private readonly Queue<HttpRequest> requests = new();
    private readonly Lock sync = new();
    private long bytes;
    private long total;

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (sync)
            {
                var first = total - requests.Count + 1;
                return [.. requests.Select((request, i) => View(request, first + i))];
            }
        }
    }

    public void Add(HttpRequest request)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (sync)
        {
            requests.Enqueue(request);
            bytes += request.Body.Length;
            total++;
            while (requests.Count > capacity || (bytes > MaxBytes && requests.Count > 1))
            {
                bytes -= requests.Dequeue().Body.Length;
            }
        }
    }

    public void Clear()
    {
        lock (sync)
        {
            requests.Clear();
            bytes = total = 0;
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
