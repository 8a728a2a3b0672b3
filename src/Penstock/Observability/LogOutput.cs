namespace Penstock.Observability;

/// <summary>
/// Standard output, written in batches by a thread of its own, which sleeps while there is nothing: a request copies its
/// line and goes on. A reader of the log that is too slow loses lines, which are counted and told; it never holds up a
/// request.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    /// <summary>Some ten thousand lines: a second's worth of a busy gateway.</summary>
    private const int MostBytes = 4 << 20;

    /// <summary>How long lines gather. People do not notice it, and errors are written as they come.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Stream _output;
    private readonly Thread _writer;
    private readonly AutoResetEvent _first = new(false);
    private readonly AutoResetEvent _hurry = new(false);
    private readonly ManualResetEventSlim _stopped = new(false);
    private byte[] _filling = new byte[64 * 1024];
    private byte[] _spare = new byte[64 * 1024];
    private int _length;
    private long _lost;
    private bool _asleep;
    private bool _isOver;

    public LogOutput(Stream output)
    {
        _output = output;
        _writer = new Thread(Run) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <param name="isUrgent">Lets the writer look now rather than at its next turn.</param>
    public void Write(ReadOnlySpan<byte> line, bool isUrgent = false)
    {
        lock (_gate)
        {
            if (isUrgent && !_isOver)
            {
                _hurry.Set();
            }

            if (_length + line.Length > MostBytes)
            {
                _lost++;
                return;
            }
            if (_length + line.Length > _filling.Length)
            {
                Array.Resize(ref _filling, Math.Min(MostBytes, 2 * (_length + line.Length)));
            }

            line.CopyTo(_filling.AsSpan(_length));
            _length += line.Length;
            if (_asleep)
            {
                _asleep = false;
                _first.Set();
            }
        }
    }

    /// <summary>Writes out what is there. What is logged after it goes nowhere.</summary>
    public void Dispose()
    {
        _stopped.Set();
        _first.Set();
        _hurry.Set();
        _writer.Join();
        lock (_gate)
        {
            (_asleep, _isOver) = (false, true);
        }

        _first.Dispose();
        _hurry.Dispose();
        _stopped.Dispose();
    }

    private void Run()
    {
        while (!_stopped.IsSet)
        {
            if (FallsAsleep())
            {
                _first.WaitOne();
            }

            _hurry.WaitOne(LongestWait);
            WriteOut();
        }
        WriteOut();
    }

    /// <summary>Nothing is there: the next line wakes the writer.</summary>
    private bool FallsAsleep()
    {
        lock (_gate)
        {
            _asleep = _length == 0 && _lost == 0;
            return _asleep;
        }
    }

    private void WriteOut()
    {
        int length;
        long lost;
        lock (_gate)
        {
            (length, _length) = (_length, 0);
            (lost, _lost) = (_lost, 0);
            (_filling, _spare) = (_spare, _filling);
        }
        try
        {
            if (length > 0)
            {
                _output.Write(_spare, 0, length);
            }

            if (lost > 0)
            {
                _output.Write(System.Text.Encoding.ASCII.GetBytes($"{lost} log lines lost: the reader is too slow\n"));
            }

            if (length > 0 || lost > 0)
            {
                _output.Flush();
            }
        }
        catch (IOException)
        {
            // Nobody reads any more; the gateway goes on.
        }
    }
}
