namespace Penstock.Simulator.Engine;

/// <summary>Which of two priorities is served sooner.</summary>
internal enum PriorityOrder
{
    None,
    LowFirst,
    HighFirst,
}
