namespace Penstock.Simulator.Engine;

/// <summary>Where a generation stands; the last three are final.</summary>
internal enum GenerationState
{
    Waiting,
    Running,
    Completed,
    Aborted,
    Faulted,
}
