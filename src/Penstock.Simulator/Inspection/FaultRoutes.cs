using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Inspection;

/// <summary>Changes what goes wrong, and ends and begins the pretend process, while the simulator runs.</summary>
internal sealed class FaultRoutes(StandingFaults faults, Func<Power> power, bool hasControlPort)
{
    public HttpReply Show() =>
        new(
            200,
            HttpReply.Json,
            new ByteBuffer(256).Add("{\"faults\":"u8).AddQuoted(faults.Plan.Text).Add((byte)'}').ToArray()
        );

    /// <summary>The body is the text of the server's own directives; an empty one ends all faults.</summary>
    public HttpReply Set(HttpRequest request)
    {
        try
        {
            faults.Set(Encoding.UTF8.GetString(request.Body.Span));
            return Show();
        }
        catch (FormatException e)
        {
            return Mistake(e.Message);
        }
    }

    /// <summary><c>?refuse</c> stays down; <c>&amp;for=DURATION</c> only so long.</summary>
    public async ValueTask<HttpReply> DieAsync(HttpRequest request, Exchange exchange)
    {
        var staysDown = QueryText.Value(request.Target, "refuse") is not null;
        TimeSpan? time;
        try
        {
            time = QueryText.Value(request.Target, "for") is { } text ? DirectiveValue.Duration(text) : null;
        }
        catch (FormatException e)
        {
            return Mistake($"for: {e.Message}");
        }

        if (time is not null && !staysDown)
        {
            return Mistake("for=DURATION says how long to refuse: add refuse");
        }

        if (staysDown && time is null && !hasControlPort)
        {
            return Mistake("nobody could revive it: add for=DURATION, or start with --control-port");
        }

        await power().DieAsync(staysDown, time, exchange);
        exchange.KeepAlive = false;
        return HttpReply.JsonText("{}");
    }

    public HttpReply Revive()
    {
        power().Start();
        return HttpReply.JsonText("{}");
    }

    private static HttpReply Mistake(string message) =>
        new(400, HttpReply.Json, new ByteBuffer(256).Add("{\"error\":"u8).AddQuoted(message).Add((byte)'}').ToArray());
}
