namespace Penstock.Simulator.Dialects;

/// <summary>What a client meets while the engine still loads its model.</summary>
internal enum ColdStart
{
    /// <summary>Nobody listens yet.</summary>
    Refuses,

    /// <summary>Some or all routes answer 503.</summary>
    Answers503,

    /// <summary>The request waits without a byte until the model is there.</summary>
    Waits,
}
