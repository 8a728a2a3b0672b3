using Penstock.Envelopes;

namespace Penstock.Inference;

/// <summary>
/// How long a request's body is must be said in one way: where two readers of a connection could disagree, one request
/// could hide another.
/// </summary>
internal static class RequestFraming
{
    /// <summary>Where Kestrel keeps the Content-Length that came beside a Transfer-Encoding.</summary>
    private const string SetAside = "X-Content-Length";

    public static bool IsPlain(HttpRequest request)
    {
        var coding = request.Headers.TransferEncoding;
        return coding.Count == 0
            || (
                coding.Count == 1
                && string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase)
                && !request.Headers.ContainsKey(SetAside)
            );
    }

    /// <summary>The connection ends with the answer: nobody knows where a next request would begin.</summary>
    public static InferenceRefusal Refuse(HttpResponse response)
    {
        response.Headers.Connection = "close";
        return new(
            InferenceEnding.InvalidRequest,
            "The length of the body can be read in two ways: send either Content-Length or 'Transfer-Encoding: chunked'."
        )
        {
            Code = RefusalCode.InvalidValue,
        };
    }
}
