using System.Text.Json;
using Penstock.Contracts;

namespace Penstock.Tests.Cli;

/// <summary>What the fake server says to the next request.</summary>
internal sealed record CannedAnswer(int Status, string Body, string ContentType = "application/json")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static CannedAnswer Of(object resource, int status = 200) =>
        new(status, JsonSerializer.Serialize(resource, resource.GetType(), ContractsJson.Default));

    public static CannedAnswer Refusal(int status, string code, string message, params ErrorDetail[] details) =>
        Of(
            new ErrorEnvelope
            {
                Error = new ErrorBody
                {
                    Message = message,
                    Type = "invalid_request_error",
                    Code = code,
                    Details = details.Length == 0 ? null : details,
                },
            },
            status
        );
}
