namespace Penstock.Contracts;

/// <summary>The management API refused, or what answered is not a management API.</summary>
public sealed class ManagementException : Exception
{
    public ManagementException(int status, ErrorBody error)
        : base(error.Message) => (Status, Error) = (status, error);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    public ErrorBody Error { get; }

    public string? Code => Error.Code;

    public IReadOnlyList<ErrorDetail> Details => Error.Details ?? [];
}
