namespace Penstock.Simulator.Dialects;

/// <summary>How a stream ends whose generation failed on the way.</summary>
internal enum ErrorEnding
{
    /// <summary>With [DONE] behind the error, as if all were well.</summary>
    Done,

    /// <summary>In order, without [DONE].</summary>
    End,

    /// <summary>In the middle: the connection is cut before the framing's end.</summary>
    Cut,
}
