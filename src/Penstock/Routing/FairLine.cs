namespace Penstock.Routing;

/// <summary>
/// The order in which waiting requests go: fair between workspaces, by tokens and by weight (start-time fair queueing).
/// Each request begins, in virtual time, where its workspace's earlier work ends, and the earliest beginning goes first:
/// a workspace with a thousand requests in the line delays another's first by one at most. Not thread-safe.
/// </summary>
internal sealed class FairLine
{
    private readonly Dictionary<Guid, WorkspaceLine> _lines = [];
    private double _now;

    /// <summary>Requests that wait.</summary>
    public int Count { get; private set; }

    public void Add(QueuePlace place)
    {
        if (!_lines.TryGetValue(place.Claim.Workspace, out var line))
        {
            _lines.Add(place.Claim.Workspace, line = new WorkspaceLine());
        }

        place.Start = Math.Max(_now, line.Finish);
        line.Finish = place.Start + Cost(place);
        place.Node = line.Places.AddLast(place);
        Count++;
    }

    /// <summary>The next one that can be served; null: nobody in the line can.</summary>
    public QueuePlace? Next(Func<QueuePlace, bool> canBeServed)
    {
        QueuePlace? next = null;
        foreach (var line in _lines.Values)
        {
            if (line.Places.First?.Value is { } head && (next is null || head.Start < next.Start) && canBeServed(head))
            {
                next = head;
            }
        }
        return next;
    }

    /// <summary>Its turn has come: virtual time moves on to its beginning.</summary>
    public void Serve(QueuePlace place)
    {
        _now = Math.Max(_now, place.Start);
        Take(place);
    }

    /// <summary>Leaves without having been served. Work that was not done is not held against its workspace.</summary>
    public void Remove(QueuePlace place)
    {
        var line = _lines[place.Claim.Workspace];
        for (var later = place.Node!.Next; later is not null; later = later.Next)
        {
            later.Value.Start -= Cost(place);
        }

        line.Finish -= Cost(place);
        Take(place);
    }

    /// <summary>
    /// Who has to go when the line is full and another workspace comes: the last of the longest part of the line, if
    /// that is longer than the newcomer's would be.
    /// </summary>
    /// <returns>Null: the newcomer is the greediest.</returns>
    public QueuePlace? Greediest(in Claim newcomer)
    {
        var mine = _lines.TryGetValue(newcomer.Workspace, out var own) ? own.Places.Count + 1 : 1;
        var (longest, length) = ((WorkspaceLine?)null, (double)mine / newcomer.Share);
        foreach (var line in _lines.Values)
        {
            if (line.Places.Last?.Value is { } last && (double)line.Places.Count / last.Claim.Share > length)
            {
                (longest, length) = (line, (double)line.Places.Count / last.Claim.Share);
            }
        }
        return longest?.Places.Last!.Value;
    }

    /// <summary>Everybody who waits, in no order.</summary>
    public IReadOnlyList<QueuePlace> All() => [.. _lines.Values.SelectMany(line => line.Places)];

    private static double Cost(QueuePlace place) => (double)place.Claim.Tokens / place.Claim.Share;

    private void Take(QueuePlace place)
    {
        _lines[place.Claim.Workspace].Places.Remove(place.Node!);
        place.Node = null;
        Count--;
        if (Count == 0)
        {
            // Nobody waits: what is past is settled, and the memory of it goes.
            _lines.Clear();
            _now = 0;
        }
    }
}
