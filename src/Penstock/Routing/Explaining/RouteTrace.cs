using Penstock.Routing.Policies;

namespace Penstock.Routing.Explaining;

/// <summary>
/// What a request meets on its way, so that an operator can be told later. Written down at once in the bytes that will
/// be kept, and used again and again: it holds no memory of its own beyond the longest way it has recorded. One thread at
/// a time.
/// </summary>
internal sealed class RouteTrace(TimeProvider time)
{
    /// <summary>Steps that are kept: several attempts among dozens of replicas. What comes after is only counted.</summary>
    public const int MostSteps = 256;

    /// <summary>Of a smooth request among half a dozen replicas.</summary>
    private const int UsualSteps = 12;

    private readonly double _microsPerTick = 1_000_000.0 / time.TimestampFrequency;

    /// <summary>The head, which is written last, and behind its room the steps.</summary>
    private byte[] _bytes = new byte[TraceForm.MostBytes(UsualSteps)];
    private int _headLength;
    private int _length;
    private int _steps;
    private int _leftOut;
    private bool _hasWaited;
    private long _started;
    private DateTimeOffset _startedAt;

    /// <summary>The replica that was named last: most of a way is about one of them.</summary>
    private Replica? _latest;
    private int _latestNumber;

    public Guid RequestId { get; private set; }

    /// <summary>What its numbers stand for.</summary>
    public TraceNames? Names { get; private set; }

    /// <summary>It had a place in a line.</summary>
    public bool HasWaited => _hasWaited;

    /// <summary>What is known of the whole request, once it has ended.</summary>
    public ReadOnlySpan<byte> Head => _bytes.AsSpan(0, _headLength);

    public ReadOnlySpan<byte> Steps => _bytes.AsSpan(TraceForm.HeadBytes, _length - TraceForm.HeadBytes);

    /// <param name="started">Timestamp of the request's first step.</param>
    /// <param name="startedAt">The same moment by the clock on the wall.</param>
    public void Begin(Guid requestId, long started, DateTimeOffset startedAt, TraceNames names)
    {
        if (Names != names)
        {
            (Names, _latest) = (names, null);
        }

        (RequestId, _started, _startedAt) = (requestId, started, startedAt);
        (_headLength, _length, _steps, _leftOut, _hasWaited) = (0, TraceForm.HeadBytes, 0, 0, false);
    }

    /// <param name="ending">How the request ended, in the word of the log and the metrics.</param>
    public void End(string? workspace, string? model, string ending, int status, TimeSpan duration, TimeSpan? firstByte)
    {
        var writer = new TraceWriter(_bytes.AsSpan(0, TraceForm.HeadBytes));
        writer.Long(_startedAt.UtcTicks);
        writer.Short(NumberOf(workspace));
        writer.Short(NumberOf(model));
        writer.Short(NumberOf(ending));
        writer.Short(status);
        writer.Short(_leftOut);
        writer.Short(_steps);
        writer.Byte(
            (byte)(
                (_hasWaited ? TraceHead.Waited : TraceHead.Plain)
                | (firstByte is null ? TraceHead.Plain : TraceHead.FirstByte)
            )
        );
        writer.Micros(TraceForm.Micros(duration));
        if (firstByte is { } first)
        {
            writer.Micros(TraceForm.Micros(first));
        }

        _headLength = writer.Length;
    }

    public void Turn(ModelRoute route) => Add(TraceStepKind.Deployment, Now, route: NumberOf(route.Explained));

    public void PassedOver(ModelRoute route, string why) =>
        Add(TraceStepKind.PassedOver, Now, route: NumberOf(route.Explained), text: NumberOf(why));

    /// <summary>No replica was open.</summary>
    /// <param name="now">Timestamp of the look at them.</param>
    public void Saw(IReadOnlyList<Replica> replicas, ReadOnlySpan<Standing> standings, long now)
    {
        var at = Since(now);
        for (var i = 0; i < standings.Length; i++)
        {
            Saw(replicas[i], standings[i], at);
        }
    }

    /// <summary>A replica was chosen among the candidates; the others stood worse.</summary>
    /// <param name="best">How the candidates stand.</param>
    /// <param name="now">Timestamp of the look at them.</param>
    public void Chose(
        IReadOnlyList<Replica> replicas,
        ReadOnlySpan<Standing> standings,
        ReadOnlySpan<Candidate> candidates,
        Standing best,
        Replica chosen,
        long now
    )
    {
        var at = Since(now);
        foreach (ref readonly var candidate in candidates)
        {
            Saw(candidate.Replica, best, at, (float)candidate.Load, (float)candidate.Score);
        }

        for (var i = 0; candidates.Length < standings.Length && i < standings.Length; i++)
        {
            if (standings[i] != best)
            {
                Saw(replicas[i], standings[i], at);
            }
        }

        Add(TraceStepKind.Chosen, at, replica: NumberOf(chosen));
    }

    public void Queued()
    {
        _hasWaited = true;
        Add(TraceStepKind.Queued, Now);
    }

    public void Unqueued(string how) => Add(TraceStepKind.Unqueued, Now, text: NumberOf(how));

    public void Attempt(Replica replica) => Add(TraceStepKind.Attempt, Now, replica: NumberOf(replica));

    public void Hedged(Replica replica) => Add(TraceStepKind.Hedged, Now, replica: NumberOf(replica));

    public void Answering(Replica replica, int status, long now) =>
        Add(TraceStepKind.Answering, Since(now), replica: NumberOf(replica), status: status);

    public void AttemptEnded(Replica replica, string how, int status, long now) =>
        Add(TraceStepKind.AttemptEnd, Since(now), replica: NumberOf(replica), text: NumberOf(how), status: status);

    public void Pause() => Add(TraceStepKind.Pause, Now);

    /// <summary>Microseconds since the request's first step.</summary>
    private ulong Now => Since(time.GetTimestamp());

    private ulong Since(long now) => (ulong)(Math.Max(0, now - _started) * _microsPerTick);

    private int NumberOf(object? name) => Names!.NumberOf(name);

    private int NumberOf(Replica replica)
    {
        if (_latest != replica)
        {
            (_latest, _latestNumber) = (replica, NumberOf(replica.Name));
        }

        return _latestNumber;
    }

    private void Saw(Replica replica, Standing standing, ulong at) => Saw(replica, standing, at, replica.InFlight, 0);

    private void Saw(Replica replica, Standing standing, ulong at, float load, float score)
    {
        if (Next(out var room))
        {
            var writer = new TraceWriter(room);
            writer.Step(TraceStepKind.Candidate, at, 0, NumberOf(replica), 0, 0);
            writer.Byte((byte)standing);
            writer.Fraction(load);
            writer.Fraction(score);
            _length += writer.Length;
        }
    }

    private void Add(TraceStepKind kind, ulong at, int route = 0, int replica = 0, int text = 0, int status = 0)
    {
        if (Next(out var room))
        {
            var writer = new TraceWriter(room);
            writer.Step(kind, at, route, replica, text, status);
            _length += writer.Length;
        }
    }

    /// <summary>Counts a step, and finds room for it unless there are too many.</summary>
    private bool Next(out Span<byte> room)
    {
        if (_steps == MostSteps)
        {
            _leftOut = Math.Min(_leftOut + 1, ushort.MaxValue);
            room = default;
            return false;
        }

        if (_bytes.Length - _length < TraceForm.MostStepBytes)
        {
            Array.Resize(ref _bytes, Math.Min(2 * _bytes.Length, TraceForm.MostBytes(MostSteps)));
        }

        _steps++;
        room = _bytes.AsSpan(_length, TraceForm.MostStepBytes);
        return true;
    }
}
