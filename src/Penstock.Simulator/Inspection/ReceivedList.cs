using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>Received requests as JSON, oldest first.</summary>
internal static class ReceivedList
{
    public static HttpReply Json(IEnumerable<ReceivedRequest> requests)
    {
        var output = new ByteBuffer(4096).Add("{\"requests\":["u8);
        foreach (var (request, i) in requests.Select((r, i) => (r, i)))
        {
            output.Add(i == 0 ? "{\"number\":"u8 : ",{\"number\":"u8).Add(request.Number);
            output.Add(",\"request_line\":"u8).AddQuoted(request.RequestLine).Add(",\"headers\":["u8);
            for (var h = 0; h < request.Headers.Count; h++)
            {
                output.Add(h == 0 ? "["u8 : ",["u8).AddQuoted(request.Headers[h].Key).Add((byte)',');
                output.AddQuoted(request.Headers[h].Value).Add((byte)']');
            }

            output.Add("],\"body_base64\":\""u8).Add(Convert.ToBase64String(request.Body.Span)).Add("\"}"u8);
        }

        return new HttpReply(200, HttpReply.Json, output.Add("]}"u8).ToArray());
    }
}
