using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Penstock.Tests.Transport.Plain;

/// <summary>Answers with what it was asked, as the framework's types tell it.</summary>
internal static class Echo
{
    public static async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        byte[] body;
        try
        {
            body = await ReadAsync(request.BodyReader);
        }
        catch (IOException)
        {
            // In chunks, so Kestrel's.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            body = "broken"u8.ToArray();
        }

        var text = JsonSerializer.Serialize(
            new
            {
                request.Method,
                Path = request.Path.Value,
                Query = request.QueryString.Value,
                request.Protocol,
                Host = request.Host.Value,
                request.ContentLength,
                request.ContentType,
                Headers = request
                    .Headers.Select(header => $"{header.Key}={header.Value}".ToLowerInvariant())
                    .Order(StringComparer.Ordinal),
                Body = Encoding.Latin1.GetString(body),
            }
        );
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(text));
    }

    public static async Task<byte[]> ReadAsync(PipeReader reader)
    {
        var bytes = new MemoryStream();
        while (true)
        {
            var read = await reader.ReadAsync(TestContext.Current.CancellationToken);
            foreach (var memory in read.Buffer)
            {
                bytes.Write(memory.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return bytes.ToArray();
            }
        }
    }
}
