namespace Penstock.Simulator.Http;

/// <summary>The bytes on the wire are no HTTP request; the connection ends after the answer.</summary>
internal sealed class BadRequestException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
