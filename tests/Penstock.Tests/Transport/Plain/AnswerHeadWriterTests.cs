using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Penstock.Transport.Plain;

namespace Penstock.Tests.Transport.Plain;

public sealed class AnswerHeadWriterTests
{
    private const int Longest = 40;

    private readonly AnswerHeadWriter _writer = new(
        new DateLine(new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 1, 2, 3, TimeSpan.Zero)))
    );

    [Fact]
    public void Names_and_values_of_any_length_stand_as_they_were_given()
    {
        for (var length = 1; length <= Longest; length++)
        {
            var (name, value) = (new string('n', length), new string('v', Longest - length));
            Assert.Equal(
                "HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 01:02:03 GMT\r\n"
                    + $"{name}: {value}\r\nX: 1\r\nX: two\r\nContent-Length: 7\r\n\r\n",
                Write(new() { [name] = value, ["X"] = new StringValues(["1", "two"]) }, length: 7)
            );
        }
    }

    [Fact]
    public void A_line_end_in_a_name_or_a_value_begins_no_header()
    {
        foreach (var length in (int[])[0, 3, 12, 29, 30, 31, Longest])
        {
            var text = new string('x', length);
            foreach (var strange in (string[])["\r", "\n", "\r\nY: 1", "\0", "\u010a", "\u010d", "é"])
            {
                Assert.Throws<InvalidOperationException>(() => Write(new() { [text + strange] = "1" }));
                Assert.Throws<InvalidOperationException>(() => Write(new() { ["X"] = text + strange }));
            }
        }
    }

    [Fact]
    public void The_longest_of_everything_has_room()
    {
        var name = new string('n', AnswerHeader.StartRoom - AnswerHeader.Between);
        var head = Write(new() { [name] = "" }, 511, long.MaxValue, close: true);
        Assert.EndsWith($"{name}: \r\nContent-Length: {long.MaxValue}\r\nConnection: close\r\n\r\n", head);
    }

    private string Write(PlainAnswerHeaders headers, int status = 200, long? length = null, bool close = false)
    {
        var buffer = new byte[AnswerHeadWriter.Measure(headers)];
        return Encoding.ASCII.GetString(buffer, 0, _writer.Write(buffer, status, headers, length, close));
    }
}
