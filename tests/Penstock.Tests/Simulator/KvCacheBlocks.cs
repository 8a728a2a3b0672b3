using Penstock.Simulator.Engine;

namespace Penstock.Tests.Simulator;

/// <summary>The blocks of the pretend cache: shared, findable, evicted, never lost.</summary>
public sealed class KvCacheBlocks
{
    private const int BlockSize = 4;

    [Fact]
    public void Equal_beginnings_share_blocks_and_the_last_token_is_always_computed()
    {
        var cache = new KvCache(100, BlockSize, isLimit: true, findsPrefixes: true);
        var first = Lease(1, 2, 3);
        Assert.Equal(0, cache.Hold(first, 12, promise: 0, isAlone: true));
        // Nothing can be found before it is computed.
        Assert.Equal(0, cache.Hold(Lease(1, 2, 3), 12, 0, isAlone: false));
        cache.Publish(first, 12);
        // Of a prompt of whole blocks the last block is computed again.
        Assert.Equal(8, cache.Hold(Lease(1, 2, 3), 12, 0, isAlone: false));
        Assert.Equal(8, cache.Hold(Lease(1, 2, 9), 12, 0, isAlone: false));
        Assert.Equal(4, cache.Hold(Lease(1, 7, 3), 12, 0, isAlone: false));
        Assert.Equal((60, 20), (cache.Queries, cache.Hits));
        Assert.Equal(3 + 3 + 1 + 1 + 2, cache.Used);
    }

    [Fact]
    public void What_nobody_holds_can_be_found_until_its_place_is_needed()
    {
        var cache = new KvCache(4, BlockSize, isLimit: true, findsPrefixes: true);
        Serve(cache, 1, 2);
        Serve(cache, 3, 4);
        Assert.Equal((0, 4), (cache.Used, cache.Findable));
        // Asking for it keeps it, and computes its last block again; then the end of the other prompt is the longest
        // unused.
        Assert.Equal(BlockSize, Serve(cache, 1, 2));
        Serve(cache, 5);
        Assert.Equal(2, cache.Evictions);
        Assert.Equal(BlockSize, Serve(cache, 3, 9));
    }

    [Fact]
    public void A_full_cache_lets_nobody_in_but_who_is_alone()
    {
        var cache = new KvCache(4, BlockSize, isLimit: true, findsPrefixes: true);
        var first = Lease(1, 2);
        Assert.Equal(0, cache.Hold(first, 8, promise: 4, isAlone: true));
        Assert.Equal(-1, cache.Hold(Lease(3, 4), 8, 0, isAlone: false));
        // What was promised is there when it is asked for.
        var small = Lease(3);
        Assert.Equal(0, cache.Hold(small, 4, 0, isAlone: false));
        Assert.True(cache.Grow(first, 4, isAlone: false));
        Assert.False(cache.Grow(first, 1, isAlone: false));
        cache.Free(small);
        Assert.True(cache.Grow(first, 1, isAlone: false));
        cache.Free(first);
        Assert.Equal(0, cache.Used);
        Assert.Equal(0, cache.Hold(Lease(), 400, 0, isAlone: true));
    }

    [Fact]
    public void Without_a_limit_everybody_is_let_in_and_only_the_findable_are_bounded()
    {
        var cache = new KvCache(4, BlockSize, isLimit: false, findsPrefixes: true);
        var leases = Enumerable.Range(0, 10).Select(i => Lease((ulong)i)).ToArray();
        Assert.All(leases, l => Assert.Equal(0, cache.Hold(l, 8, 100, isAlone: false)));
        Assert.Equal(20, cache.Used);
        Assert.All(leases, l => cache.Publish(l, 8));
        Assert.All(leases, cache.Free);
        Assert.Equal(0, cache.Used);
        Assert.InRange(cache.Findable, 1, 4);
    }

    [Fact]
    public void A_cache_that_finds_nothing_remembers_nothing()
    {
        var cache = new KvCache(100, BlockSize, isLimit: true, findsPrefixes: false);
        Serve(cache, 1, 2);
        Assert.Equal(0, Serve(cache, 1, 2));
        Assert.Equal(0, cache.Findable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_and_goes_every_block_is_accounted_for(int seed)
    {
        var dice = new Penstock.Simulator.Answers.Dice((ulong)seed);
        var cache = new KvCache(32, BlockSize, isLimit: true, findsPrefixes: true);
        var held = new List<KvLease>();
        for (var i = 0; i < 5000; i++)
        {
            if (held.Count > 0 && dice.OneIn(2))
            {
                var lease = held[dice.Next(held.Count)];
                if (!dice.OneIn(3))
                {
                    cache.Publish(lease, lease.Tokens);
                    cache.Grow(lease, dice.Next(6), isAlone: false);
                    continue;
                }

                cache.Free(lease);
                held.Remove(lease);
                continue;
            }

            var fresh = Lease([.. Enumerable.Range(0, 1 + dice.Next(6)).Select(_ => (ulong)dice.Next(3))]);
            if (cache.Hold(fresh, fresh.Request.PromptTokens, dice.Next(9), isAlone: false) >= 0)
            {
                held.Add(fresh);
            }

            Assert.InRange(cache.Used, 0, 32);
            Assert.InRange(cache.Used + cache.Findable, 0, 32);
        }

        held.ForEach(cache.Free);
        Assert.Equal(0, cache.Used);
        Assert.Equal(0, cache.Hold(Lease(), 32 * BlockSize, 0, isAlone: false));
    }

    private static int Serve(KvCache cache, params ulong[] prompt)
    {
        var lease = Lease(prompt);
        var found = cache.Hold(lease, lease.Request.PromptTokens, 0, isAlone: false);
        cache.Publish(lease, lease.Request.PromptTokens);
        cache.Free(lease);
        return found;
    }

    /// <summary>A chain of hashes, as prompts have them: a block's hash is of all before it too.</summary>
    private static KvLease Lease(params ulong[] prompt)
    {
        ulong hash = 1;
        return new KvLease(
            new EngineRequest(prompt.Length * BlockSize)
            {
                Blocks = [.. prompt.Select(p => hash = Penstock.Simulator.Answers.Dice.Mix(hash + p))],
            }
        );
    }
}
