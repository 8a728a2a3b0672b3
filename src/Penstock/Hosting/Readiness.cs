namespace Penstock.Hosting;

/// <summary>Set once, when the gateway may be sent requests.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime)
{
    private volatile bool _opened;

    public bool IsReady => _opened && !lifetime.ApplicationStopping.IsCancellationRequested;

    public void Set() => _opened = true;
}
