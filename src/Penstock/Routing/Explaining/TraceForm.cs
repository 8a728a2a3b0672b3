namespace Penstock.Routing.Explaining;

/// <summary>A trace as bytes: some hundred of them where a request went smoothly.</summary>
internal static class TraceForm
{
    /// <summary>No head is longer.</summary>
    public const int HeadBytes = sizeof(long) + (6 * sizeof(ushort)) + sizeof(byte) + (2 * TraceWriter.MostSpanBytes);

    /// <summary>No step is longer.</summary>
    public const int MostStepBytes =
        (2 * sizeof(byte)) + (4 * sizeof(ushort)) + TraceWriter.MostSpanBytes + (2 * sizeof(float));

    /// <summary>No trace of so many steps is longer.</summary>
    public static int MostBytes(int steps) => HeadBytes + (steps * MostStepBytes);

    public static ulong Micros(TimeSpan span) => (ulong)(Math.Max(0, span.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <param name="bytes">The head, and right behind it the steps.</param>
    public static ToldTrace Read(Guid requestId, ReadOnlySpan<byte> bytes, TraceNames names)
    {
        var reader = new TraceReader(bytes);
        var startedAt = new DateTimeOffset(reader.Long(), TimeSpan.Zero);
        var workspace = names.NameOf<string>(reader.Short());
        var model = names.NameOf<string>(reader.Short());
        var ending = names.NameOf<string>(reader.Short()) ?? "";
        var status = reader.Short();
        var leftOut = reader.Short();
        var steps = new TraceStep[reader.Short()];
        var head = (TraceHead)reader.Byte();
        var duration = reader.Span();
        TimeSpan? firstByte = head.HasFlag(TraceHead.FirstByte) ? reader.Span() : null;
        foreach (ref var step in steps.AsSpan())
        {
            step = ReadStep(names, ref reader);
        }

        return new ToldTrace
        {
            RequestId = requestId,
            StartedAt = startedAt,
            Workspace = workspace,
            Model = model,
            Ending = ending,
            Status = status,
            Duration = duration,
            FirstByte = firstByte,
            HasWaited = head.HasFlag(TraceHead.Waited),
            Steps = steps,
            LeftOut = leftOut,
        };
    }

    private static TraceStep ReadStep(TraceNames names, ref TraceReader reader)
    {
        var first = reader.Byte();
        var has = (TraceMembers)first & TraceMembers.All;
        var step = new TraceStep((TraceStepKind)(first & ~(int)TraceMembers.All), reader.Span())
        {
            Route = has.HasFlag(TraceMembers.Route) ? names.NameOf<TraceRoute>(reader.Short()) : null,
            Replica = has.HasFlag(TraceMembers.Replica) ? names.NameOf<string>(reader.Short()) : null,
            Text = has.HasFlag(TraceMembers.Text) ? names.NameOf<string>(reader.Short()) : null,
            Status = has.HasFlag(TraceMembers.Status) ? reader.Short() : 0,
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
}
