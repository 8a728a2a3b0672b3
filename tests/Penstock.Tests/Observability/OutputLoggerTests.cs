using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Penstock.Observability;

namespace Penstock.Tests.Observability;

public sealed class OutputLoggerTests
{
    private static readonly EventId Happened = new(7, "Happened");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, 987, TimeSpan.Zero));
    private readonly MemoryStream _written = new();

    [Fact]
    public void A_line_for_people()
    {
        var state = new Fields(_time.GetUtcNow());

        Assert.Equal(
            "2026-05-04T03:02:01.987Z info Recorder id=c4d4f6b2-0000-0000-0000-000000000001 plain=yes "
                + "quoted=\"a \\\"b\\\"\\n\" wide=grün count=42 small=0.1 long=61000.0\n",
            Logged(LogFormat.Simple, logger => logger.Log(LogLevel.Information, Happened, state, null, Words))
        );
    }

    [Fact]
    public void A_line_for_machines()
    {
        var state = new Fields(_time.GetUtcNow());

        Assert.Equal(
            """
            {"time":"2026-05-04T03:02:01.987Z","level":"warning","category":"Penstock.Some.Recorder","event":"Happened",
            "id":"c4d4f6b2-0000-0000-0000-000000000001","plain":"yes","quoted":"a \"b\"\n","wide":"grün","count":42,
            "small":0.1,"long":61000.0}
            """.ReplaceLineEndings("") + "\n",
            Logged(LogFormat.Json, logger => logger.Log(LogLevel.Warning, Happened, state, null, Words))
        );
    }

    [Fact]
    public void A_line_bears_the_moment_of_what_it_tells()
    {
        var moments = new List<DateTimeOffset>();
        for (var i = 0; i < 3_000; i++)
        {
            moments.Add(_time.GetUtcNow());
            _time.Advance(TimeSpan.FromMilliseconds(i % 97));
        }

        var lines = Logged(
            LogFormat.Json,
            logger => moments.ForEach(at => logger.Log(LogLevel.Error, Happened, new Fields(at), null, Words))
        );

        Assert.Equal(
            moments.Select(at => at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ")),
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!["time"]!.ToString())
        );
    }

    [Fact]
    public void A_message_keeps_its_members_and_stays_one_line()
    {
        var line = Logged(
            LogFormat.Json,
            logger => logger.LogInformation("It is {what}, {count} times", "so\nlong", 3)
        );

        var members = JsonNode.Parse(line)!;
        Assert.Equal("It is so\nlong, 3 times", members["message"]!.ToString());
        Assert.Equal(("so\nlong", "3"), (members["what"]!.ToString(), members["count"]!.ToString()));
        Assert.Single(line, c => c == '\n');
    }

    [Fact]
    public void Fields_that_find_no_room_are_left_out_whole()
    {
        var state = new Fields(_time.GetUtcNow(), plain: new string('x', 10_000));

        var line = Logged(LogFormat.Json, logger => logger.Log(LogLevel.Error, Happened, state, null, Words));

        var members = JsonNode.Parse(line)!.AsObject();
        Assert.False(members.ContainsKey("plain"));
        Assert.Equal("42", members["count"]!.ToString());
    }

    [Fact]
    public void What_a_request_logs_allocates_nothing()
    {
        var output = new LogOutput(Stream.Null);
        var logger = new OutputLogger("Penstock.Some.Recorder", LogFormat.Json, output, _time);
        var state = new Fields(_time.GetUtcNow(), quoted: "plain");
        // Nobody writes out any more: the buffer is as large as it gets after four megabytes.
        output.Dispose();
        for (var line = 0; line < 30_000; line++)
        {
            logger.Log(LogLevel.Information, Happened, state, null, Words);
        }

        Assert.Equal(0, Allocations.Of(() => logger.Log(LogLevel.Information, Happened, state, null, Words)));
    }

    private string Logged(LogFormat format, Action<ILogger> log)
    {
        using (var output = new LogOutput(_written))
        {
            log(new OutputLogger("Penstock.Some.Recorder", format, output, _time));
        }

        return Encoding.UTF8.GetString(_written.ToArray());
    }

    private static string Words(Fields fields, Exception? exception) => "never asked for";

    private sealed class Fields(DateTimeOffset at, string plain = "yes", string quoted = "a \"b\"\n") : ILogFields
    {
        private static readonly LogField Id = new("id");
        private static readonly LogField Nothing = new("nothing");
        private static readonly LogField Plain = new("plain");
        private static readonly LogField Quoted = new("quoted");
        private static readonly LogField Wide = new("wide");
        private static readonly LogField Count = new("count");
        private static readonly LogField Small = new("small");
        private static readonly LogField Long = new("long");

        public DateTimeOffset At => at;

        public void Write(ref LogLine line)
        {
            line.Add(Id, Guid.Parse("c4d4f6b2-0000-0000-0000-000000000001"));
            line.Add(Nothing, (string?)null);
            line.Add(Plain, plain);
            line.Add(Quoted, quoted);
            line.Add(Wide, "grün");
            line.Add(Count, 42);
            line.Add(Small, TimeSpan.FromMicroseconds(50));
            line.Add(Long, TimeSpan.FromMicroseconds(61_000_049));
        }
    }
}
