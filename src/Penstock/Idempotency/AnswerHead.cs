namespace Penstock.Idempotency;

/// <summary>What stands above an answer and is the same for everyone who gets it.</summary>
/// <param name="RequestId">The request whose generation it is.</param>
/// <param name="IsStream">Server-sent events, else JSON.</param>
/// <param name="ModelUsed">As in <c>X-Model-Used</c>.</param>
/// <param name="RouteModel">As in <c>X-Route-Model</c>.</param>
/// <param name="Backend">As in <c>X-Backend</c>.</param>
/// <param name="DeploymentId">As in <c>X-Deployment-Id</c>.</param>
internal sealed record AnswerHead(
    string RequestId,
    int Status,
    bool IsStream,
    string ModelUsed,
    string RouteModel,
    string Backend,
    string DeploymentId
);
