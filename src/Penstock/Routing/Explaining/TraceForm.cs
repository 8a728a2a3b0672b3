namespace Penstock.Routing.Explaining;

/// <summary>A trace as bytes: some hundred of them where a request went smoothly.</summary>
internal static class TraceForm
{
    /// <summary>No trace is longer.</summary>
    public const int MostBytes = HeadNumbers * TraceWriter.MostBytes + RouteTrace.MostSteps * MostStepBytes;

    private const int HeadNumbers = 10;
    private const int MostStepBytes = (7 * TraceWriter.MostBytes) + (2 * sizeof(float));

    /// <returns>How many bytes of the buffer are written.</returns>
    public static int Write(RouteTrace trace, TraceNames names, Span<byte> buffer)
    {
        var writer = new TraceWriter(buffer);
        writer.Number(trace.StartedAt.UtcTicks);
        writer.Number(names.NumberOf(trace.Workspace));
        writer.Number(names.NumberOf(trace.Model));
        writer.Number(names.NumberOf(trace.Ending));
        writer.Number(trace.Status);
        writer.Number(Micros(trace.Duration));
        writer.Number(trace.FirstByte is { } first ? Micros(first) + 1 : 0);
        writer.Number(trace.HasWaited ? 1 : 0);
        writer.Number(trace.LeftOut);
        writer.Number(trace.Steps.Count);
        foreach (var step in trace.Steps)
        {
            Write(step, names, ref writer);
        }

        return writer.Length;
    }

    public static void Read(ReadOnlySpan<byte> bytes, TraceNames names, RouteTrace trace)
    {
        var reader = new TraceReader(bytes);
        trace.StartedAt = new DateTimeOffset(reader.Number(), TimeSpan.Zero);
        trace.Workspace = names.NameOf<string>((int)reader.Number());
        trace.Model = names.NameOf<string>((int)reader.Number());
        trace.Ending = names.NameOf<string>((int)reader.Number()) ?? "";
        trace.Status = (int)reader.Number();
        trace.Duration = Span(reader.Number());
        trace.FirstByte = reader.Number() is > 0 and var first ? Span(first - 1) : null;
        trace.HasWaited = reader.Number() == 1;
        trace.LeftOut = (int)reader.Number();
        for (var left = reader.Number(); left > 0; left--)
        {
            trace.Steps.Add(ReadStep(names, ref reader));
        }
    }

    private static void Write(in TraceStep step, TraceNames names, ref TraceWriter writer)
    {
        writer.Number((long)step.Kind);
        writer.Number(Micros(step.At));
        writer.Number(names.NumberOf(step.Route));
        writer.Number(names.NumberOf(step.Replica));
        writer.Number(names.NumberOf(step.Text));
        writer.Number(step.Status);
        if (step.Kind == TraceStepKind.Candidate)
        {
            writer.Number((long)step.Standing);
            writer.Fraction(step.Load);
            writer.Fraction(step.Score);
        }
    }

    private static TraceStep ReadStep(TraceNames names, ref TraceReader reader)
    {
        var step = new TraceStep((TraceStepKind)reader.Number(), Span(reader.Number()))
        {
            Route = names.NameOf<TraceRoute>((int)reader.Number()),
            Replica = names.NameOf<string>((int)reader.Number()),
            Text = names.NameOf<string>((int)reader.Number()),
            Status = (int)reader.Number(),
        };
        return step.Kind == TraceStepKind.Candidate
            ? step with
            {
                Standing = (Standing)reader.Number(),
                Load = reader.Fraction(),
                Score = reader.Fraction(),
            }
            : step;
    }

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static TimeSpan Span(long micros) => new(micros * TimeSpan.TicksPerMicrosecond);
}
