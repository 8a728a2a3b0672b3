namespace Penstock.Simulator.Faults;

/// <summary>The server's own directives, which may change while it runs.</summary>
internal sealed class StandingFaults(SimulatorOptions options)
{
    private volatile FaultPlan _plan = new(options.Directives, options.Seed, options.Time);

    public FaultPlan Plan => _plan;

    /// <exception cref="FormatException">The text has a mistake; what held before holds on.</exception>
    public void Set(string text) => _plan = new FaultPlan(text, options.Seed, options.Time);

    /// <summary>Counts and ages begin anew.</summary>
    public void Restart() => Set(_plan.Text);
}
