using System.Text;
using Penstock.Envelopes;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Inference;

/// <summary>Makes of a request what routing has to know of it.</summary>
internal static class Claims
{
    public const string SessionHeader = "X-Session-Id";

    /// <summary>Where neither caller nor deployment bounds the answer: an answer of usual length.</summary>
    private const long UsualAnswer = 512;

    public static Claim Of(ChatRequest request, ModelRoute route, InferenceRecord record, IHeaderDictionary headers)
    {
        ref readonly var envelope = ref request.Envelope;
        var policy = route.Deployment.Routing.Policy;
        var answer = route.Rules.MaxTokens(envelope) ?? UsualAnswer;
        return new Claim
        {
            Workspace = record.Grant!.WorkspaceId,
            // The lowest priority has one share, each step above it another.
            Share = 1 + record.Grant.Priority,
            Tokens = record.PromptEstimate + (answer * envelope.N) + 1,
            Prompt = policy == RoutingPolicy.Prefix ? PromptOf(request, route) : default,
            Session = policy == RoutingPolicy.Session ? SessionOf(request, headers) : 0,
        };
    }

    private static PromptBlocks PromptOf(ChatRequest request, ModelRoute route) =>
        route.Replicas.Count > 1 ? request.Envelope.Prompt.Blocks(request.Body.Span) : default;

    /// <summary>The header, else the field <c>user</c>; 0: neither.</summary>
    private static ulong SessionOf(ChatRequest request, IHeaderDictionary headers)
    {
        if (headers[SessionHeader] is [{ Length: > 0 } session])
        {
            return StableHash.Of(Encoding.UTF8.GetBytes(session));
        }

        var user = request.Envelope[EnvelopeField.User];
        return user.IsGiven ? StableHash.Of(request.Body.Span.Slice(user.Start, user.Length)) : 0;
    }
}
