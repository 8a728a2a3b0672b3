using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary>Several fake engines; which of them is called next is the gateway's choice.</summary>
internal sealed class FakeFleet : IDisposable
{
    private readonly FakeEngine[] _engines;
    private readonly Task<FakeEngine.Connection>[] _accepting;

    public FakeFleet(int count)
    {
        _engines = [.. Enumerable.Range(0, count).Select(_ => new FakeEngine())];
        _accepting = [.. _engines.Select(engine => engine.AcceptAsync())];
    }

    public Uri[] Urls => [.. _engines.Select(engine => engine.Url)];

    /// <summary>Nobody has been called since the last call was taken.</summary>
    public bool IsIdle => _accepting.All(accepting => !accepting.IsCompleted);

    /// <summary>The next call, and the index of the engine it came to.</summary>
    public async Task<(FakeEngine.Connection Connection, int Engine)> AcceptAsync()
    {
        var engine = Array.IndexOf(_accepting, await Task.WhenAny(_accepting));
        var connection = await _accepting[engine];
        _accepting[engine] = _engines[engine].AcceptAsync();
        return (connection, engine);
    }

    public void Dispose()
    {
        foreach (var engine in _engines)
        {
            engine.Dispose();
        }
    }
}
