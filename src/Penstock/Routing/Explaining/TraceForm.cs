using System.Runtime.InteropServices;

namespace Penstock.Routing.Explaining;

/// <summary>A trace as bytes: some hundred of them where a request went smoothly.</summary>
internal static class TraceForm
{
    private const int HeadBytes = sizeof(long) + (6 * sizeof(ushort)) + sizeof(byte) + (2 * TraceWriter.MostSpanBytes);

    private const int MostStepBytes =
        (2 * sizeof(byte)) + (4 * sizeof(ushort)) + TraceWriter.MostSpanBytes + (2 * sizeof(float));

    /// <summary>No trace of so many steps is longer.</summary>
    public static int MostBytes(int steps) => HeadBytes + (steps * MostStepBytes);

    /// <param name="buffer">At least <see cref="MostBytes"/>.</param>
    /// <returns>How many bytes of it are written.</returns>
    public static int Write(RouteTrace trace, TraceNames names, Span<byte> buffer)
    {
        var writer = new TraceWriter(buffer);
        writer.Long(trace.StartedAt.UtcTicks);
        writer.Short(names.NumberOf(trace.Workspace));
        writer.Short(names.NumberOf(trace.Model));
        writer.Short(names.NumberOf(trace.Ending));
        writer.Short(trace.Status);
        writer.Span(trace.Duration);
        writer.Byte(
            (byte)(
                (trace.HasWaited ? Head.Waited : Head.Plain) | (trace.FirstByte is null ? Head.Plain : Head.FirstByte)
            )
        );
        if (trace.FirstByte is { } first)
        {
            writer.Span(first);
        }

        writer.Short(Math.Min(trace.LeftOut, ushort.MaxValue));
        writer.Short(trace.Steps.Count);
        foreach (ref readonly var step in CollectionsMarshal.AsSpan(trace.Steps))
        {
            Write(step, names, ref writer);
        }

        return writer.Length;
    }

    public static void Read(ReadOnlySpan<byte> bytes, TraceNames names, RouteTrace trace)
    {
        var reader = new TraceReader(bytes);
        trace.StartedAt = new DateTimeOffset(reader.Long(), TimeSpan.Zero);
        trace.Workspace = names.NameOf<string>(reader.Short());
        trace.Model = names.NameOf<string>(reader.Short());
        trace.Ending = names.NameOf<string>(reader.Short()) ?? "";
        trace.Status = reader.Short();
        trace.Duration = reader.Span();
        var head = (Head)reader.Byte();
        trace.HasWaited = head.HasFlag(Head.Waited);
        trace.FirstByte = head.HasFlag(Head.FirstByte) ? reader.Span() : null;
        trace.LeftOut = reader.Short();
        for (var left = reader.Short(); left > 0; left--)
        {
            trace.Steps.Add(ReadStep(names, ref reader));
        }
    }

    private static void Write(in TraceStep step, TraceNames names, ref TraceWriter writer)
    {
        var has =
            (step.Route is null ? Has.Nothing : Has.Route)
            | (step.Replica is null ? Has.Nothing : Has.Replica)
            | (step.Text is null ? Has.Nothing : Has.Text)
            | (step.Status == 0 ? Has.Nothing : Has.Status);
        writer.Byte((byte)((int)step.Kind | (int)has));
        writer.Span(step.At);
        if (step.Route is not null)
        {
            writer.Short(names.NumberOf(step.Route));
        }

        if (step.Replica is not null)
        {
            writer.Short(names.NumberOf(step.Replica));
        }

        if (step.Text is not null)
        {
            writer.Short(names.NumberOf(step.Text));
        }

        if (step.Status != 0)
        {
            writer.Short(step.Status);
        }

        if (step.Kind == TraceStepKind.Candidate)
        {
            writer.Byte((byte)step.Standing);
            writer.Fraction(step.Load);
            writer.Fraction(step.Score);
        }
    }

    private static TraceStep ReadStep(TraceNames names, ref TraceReader reader)
    {
        var first = reader.Byte();
        var has = (Has)first & Has.Everything;
        var step = new TraceStep((TraceStepKind)(first & ~(int)Has.Everything), reader.Span())
        {
            Route = has.HasFlag(Has.Route) ? names.NameOf<TraceRoute>(reader.Short()) : null,
            Replica = has.HasFlag(Has.Replica) ? names.NameOf<string>(reader.Short()) : null,
            Text = has.HasFlag(Has.Text) ? names.NameOf<string>(reader.Short()) : null,
            Status = has.HasFlag(Has.Status) ? reader.Short() : 0,
        };
        return step.Kind == TraceStepKind.Candidate
            ? step with
            {
                Standing = (Standing)reader.Byte(),
                Load = reader.Fraction(),
                Score = reader.Fraction(),
            }
            : step;
    }

    [Flags]
    private enum Head
    {
        Plain = 0,
        Waited = 1,
        FirstByte = 2,
    }

    /// <summary>Which members follow; the lower four bits of the same byte are the kind.</summary>
    [Flags]
    private enum Has
    {
        Nothing = 0,
        Route = 1 << 4,
        Replica = 1 << 5,
        Text = 1 << 6,
        Status = 1 << 7,
        Everything = Route | Replica | Text | Status,
    }
}
