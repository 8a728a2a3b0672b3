using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Penstock.Tests.Simulator;

namespace Penstock.Tests.Transport.Plain;

/// <summary>It looks no features up, and says what the framework's own context finds in them.</summary>
public sealed class PlainContextTests
{
    private const string Request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a.example:81\r\nContent-Type: application/json\r\n"
        + "Cookie: a=b\r\nX-Other: 1\r\nContent-Length: 2\r\n\r\n{}";

    [Fact]
    public async Task What_was_asked_is_the_same()
    {
        var compared = await CompareAsync(context =>
            [.. Differences(context.Request, Own(context).Request, ["HttpContext", "Body", "Form", "ReadFormAsync"])]
        );

        Assert.Equal("", compared);
    }

    [Fact]
    public async Task What_is_answered_is_the_same()
    {
        var compared = await CompareAsync(context =>
        {
            var response = context.Response;
            response.StatusCode = 418;
            response.ContentType = "text/plain";
            response.ContentLength = 1000;
            string[] first = [.. Differences(response, Own(context).Response, ["HttpContext", "Body"])];
            Own(context).Response.StatusCode = 200;
            Own(context).Response.ContentType = null;
            Own(context).Response.ContentLength = null;
            return [.. first, .. Differences(response, Own(context).Response, ["HttpContext", "Body"])];
        });

        Assert.Equal("", compared);
    }

    [Fact]
    public async Task Whatever_else_a_context_has_is_the_frameworks()
    {
        var compared = await CompareAsync(context =>
            [
                .. Differences(
                    context,
                    Own(context),
                    ["Request", "Response", "Session", "FormOptions", "RequestServices"]
                ),
            ]
        );

        Assert.Equal("", compared);
    }

    [Fact]
    public async Task What_a_caller_sent_cannot_be_changed()
    {
        var compared = await CompareAsync(context =>
        {
            Assert.Throws<NotSupportedException>(() => context.Request.Method = "GET");
            Assert.Throws<NotSupportedException>(() => context.Request.Path = "/");
            Assert.Throws<NotSupportedException>(() => context.Request.ContentLength = 1);
            Assert.Throws<NotSupportedException>(() => context.RequestAborted = default);
            Assert.Throws<NotSupportedException>(() => context.Response.OnStarting(() => Task.CompletedTask));
            return [];
        });

        Assert.Equal("", compared);
    }

    private static DefaultHttpContext Own(HttpContext context) => new(context.Features);

    private static IEnumerable<string> Differences(object ours, object own, string[] apart)
    {
        Assert.NotSame(ours.GetType(), own.GetType());
        foreach (var property in ours.GetType().GetProperties().Where(p => !apart.Contains(p.Name)))
        {
            if (own.GetType().GetProperty(property.Name) is not { } other)
            {
                continue;
            }

            var (left, right) = (Tell(property.GetValue(ours)), Tell(other.GetValue(own)));
            if (left != right)
            {
                yield return $"{property.Name}: {left} and not {right}";
            }
        }
    }

    /// <summary>Parts that each context makes for itself are compared by what is in them.</summary>
    private static string? Tell(object? value) =>
        value switch
        {
            string text => text,
            System.Collections.IEnumerable many => string.Join(';', many.Cast<object>().Select(Tell)),
            KeyValuePair<Type, object> feature => feature.Key.Name,
            _ when value?.GetType().Namespace == "Microsoft.AspNetCore.Http"
                    && value.ToString() == value.GetType().FullName => value.GetType().Name,
            _ => value?.ToString(),
        };

    private static async Task<string> CompareAsync(Func<HttpContext, string[]> compare)
    {
        await using var bench = await PlainBench.StartAsync(async context =>
        {
            string told;
            try
            {
                told = string.Join('\n', compare(context));
            }
            catch (Exception e) when (e is TargetInvocationException or Xunit.Sdk.XunitException)
            {
                told = e.ToString();
            }

            await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes($"<{told}>"));
        });
        using var connection = await bench.ConnectAsync();
        await connection.SendAsync(
            Request.Replace("1.1\r\n", "1.1\r\nConnection: close\r\n", StringComparison.Ordinal)
        );
        var answer = await connection.ReadToEndAsync();
        Assert.Equal(1, bench.PlainRequests);
        var body = answer[answer.IndexOf('<', StringComparison.Ordinal)..];
        return body[1..body.LastIndexOf('>')];
    }
}
