using System.Buffers;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>The whole body of a management request, read within a bound.</summary>
internal sealed record ManagementBody(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A key with a thousand models is 256 KiB.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>null: it is larger than the bound.</summary>
    public static async Task<ManagementBody?> ReadAsync(HttpContext http, int mostBytes)
    {
        if (http.Request.ContentLength > mostBytes)
        {
            return null;
        }

        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > mostBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return new ManagementBody(bytes);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The most that a path takes: a document may be as large as its reader allows.</summary>
    public static int MostOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<DocumentBody>() is null ? MostBytes : DocumentLimits.MostBytes;
}
