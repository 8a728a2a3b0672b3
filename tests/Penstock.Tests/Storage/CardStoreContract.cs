using Penstock.Probing;

namespace Penstock.Tests.Storage;

/// <summary>What every store of capability cards must do. A store's own test class inherits it and says how to open one.</summary>
public abstract class CardStoreContract
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test: the same data each time.</summary>
    private protected abstract ICardStore Open();

    [Fact]
    public async Task A_new_store_has_no_cards() => Assert.Empty(await Open().LoadAsync(Stop));

    [Fact]
    public async Task A_card_comes_back_as_it_was_saved_from_a_store_that_is_opened_anew()
    {
        var known = new StoredCard("http://a:1/", "org/model", "0.27.1", At, """{"calls":11}""");
        var versionless = new StoredCard("http://b:1/", "m", null, At, "{}");
        await Open().SaveAsync(known, Stop);
        await Open().SaveAsync(versionless, Stop);

        Assert.Equal([known, versionless], (await Open().LoadAsync(Stop)).OrderBy(card => card.Url));
    }

    [Fact]
    public async Task A_newer_card_takes_the_place_of_the_one_for_this_engine_and_model()
    {
        var store = Open();
        var first = new StoredCard("http://a:1/", "m", "1", At, "{}");
        var other = first with { Model = "n" };
        var second = first with { EngineVersion = "2", ProbedAt = At.AddDays(1), Json = """{"calls":1}""" };
        await store.SaveAsync(first, Stop);
        await store.SaveAsync(other, Stop);

        await store.SaveAsync(second, Stop);

        Assert.Equal([second, other], (await store.LoadAsync(Stop)).OrderBy(card => card.Model));
    }

    [Fact]
    public async Task Cards_from_before_a_moment_are_dropped()
    {
        var store = Open();
        var old = new StoredCard("http://a:1/", "old", "1", At.AddMilliseconds(-1), "{}");
        var young = new StoredCard("http://a:1/", "young", "1", At, "{}");
        await store.SaveAsync(old, Stop);
        await store.SaveAsync(young, Stop);

        await store.DropAsync(At, Stop);

        Assert.Equal([young], await store.LoadAsync(Stop));
    }

    [Fact]
    public async Task Two_at_once_are_both_kept()
    {
        var cards = Enumerable
            .Range(0, 20)
            .Select(at => new StoredCard("http://a:1/", $"m{at}", null, At, "{}"))
            .ToList();
        var store = Open();

        await Parallel.ForEachAsync(cards, Stop, async (card, stop) => await store.SaveAsync(card, stop));

        Assert.Equal(20, (await store.LoadAsync(Stop)).Count);
    }
}
