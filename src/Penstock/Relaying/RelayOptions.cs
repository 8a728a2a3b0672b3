using System.ComponentModel.DataAnnotations;

namespace Penstock.Relaying;

/// <summary>Settings of the way back (section <c>Relaying</c>).</summary>
internal sealed class RelayOptions
{
    /// <summary>
    /// Seconds of silence before a comment goes to the caller of a stream, 0 = never. Half of the 30 s after which
    /// the strictest common load balancers cut an idle connection.
    /// </summary>
    [Range(0, 3600)]
    public double KeepAliveSeconds { get; set; } = 15;

    /// <summary>
    /// Largest event held until it is whole, bytes. A chunk of 128 choices with 20 log-probabilities each is 200 KB.
    /// </summary>
    [Range(4096, 1 << 28)]
    public int EventBytes { get; set; } = 4 << 20;

    /// <summary>
    /// A JSON answer up to this size is held until it is whole, so that one cut in the middle is an error with a
    /// status and can be tried elsewhere; a larger one is passed on as it comes.
    /// </summary>
    [Range(0, 1 << 28)]
    public int HeldAnswerBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Seconds that a finished answer waits for its sentinel, and its usage, before it is ended without: engines send
    /// all three in one go.
    /// </summary>
    [Range(0.25, 3600)]
    public double SentinelSeconds { get; set; } = 2;

    /// <summary>
    /// Text of a stream kept in memory so that another engine can go on with it, bytes; a longer one ends with its
    /// engine. 256 KiB are about 60,000 tokens, more than most models answer.
    /// </summary>
    [Range(0, 1 << 26)]
    public int ContinuationBytes { get; set; } = 256 << 10;

    /// <summary>
    /// How often one stream is taken up by another engine: eight outlive a fleet that is restarted one by one.
    /// </summary>
    [Range(0, 1000)]
    public int Continuations { get; set; } = 8;
}
