namespace Penstock.Routing.Explaining;

/// <summary>What happened to a request on its way.</summary>
internal enum TraceStepKind
{
    /// <summary>A deployment's turn came.</summary>
    Deployment,

    /// <summary>A deployment was passed over; the text says why.</summary>
    PassedOver,

    /// <summary>A replica was looked at: how it stands, how busy it is, what the policy thought of it.</summary>
    Candidate,

    /// <summary>That replica was chosen.</summary>
    Chosen,

    /// <summary>All were busy: a place in the line.</summary>
    Queued,

    /// <summary>The wait is over; the text says how.</summary>
    Unqueued,

    /// <summary>The request went to a replica.</summary>
    Attempt,

    /// <summary>The replica's answer began.</summary>
    Answering,

    /// <summary>The attempt is over; the text says how.</summary>
    AttemptEnd,

    /// <summary>A pause before the next attempt.</summary>
    Pause,

    /// <summary>The first byte was late: that replica got the request too.</summary>
    Hedged,
}
