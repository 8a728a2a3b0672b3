using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;
using Penstock.Transport;

namespace Penstock.Tests.Transport;

public sealed class BlockPoolTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BlockPool _pool;

    public BlockPoolTests() => _pool = new BlockPool(_time);

    [Fact]
    public void A_block_holds_64_KiB_whatever_is_asked_for()
    {
        Assert.Equal(BlockPool.BlockBytes, _pool.Rent(1).Memory.Length);
        Assert.Equal(BlockPool.BlockBytes, _pool.Rent().Memory.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(BlockPool.BlockBytes + 1));
    }

    [Fact]
    public void The_block_that_was_given_back_last_is_lent_first()
    {
        var first = _pool.Rent();
        var second = _pool.Rent();
        first.Dispose();
        second.Dispose();

        Assert.Same(second, _pool.Rent());
        Assert.Same(first, _pool.Rent());
    }

    [Fact]
    public void A_block_that_is_given_back_twice_is_lent_to_one_only()
    {
        var block = _pool.Rent();
        block.Dispose();
        block.Dispose();

        Assert.NotSame(_pool.Rent(), _pool.Rent());
    }

    [Fact]
    public void A_block_is_found_on_another_threads_shelf_before_one_is_made()
    {
        var block = _pool.Rent();
        for (var thread = 0; thread < 4; thread++)
        {
            block.Dispose();
            object? lent = null;
            Threads.Run(1, _ => lent = _pool.Rent());
            Assert.Same(block, lent);
        }
    }

    [Fact]
    public void Blocks_that_nobody_needed_for_a_while_are_let_go()
    {
        var block = _pool.Rent();
        block.Dispose();
        Beat();
        Beat();

        Assert.NotSame(block, _pool.Rent());
    }

    [Fact]
    public void Blocks_in_use_now_and_then_are_kept()
    {
        var block = _pool.Rent();
        for (var beat = 0; beat < 5; beat++)
        {
            block.Dispose();
            Assert.Same(block, _pool.Rent());
            Beat();
        }
    }

    [Fact]
    public void Threads_that_rent_and_return_at_once_never_share_a_block()
    {
        Threads.Run(
            8,
            number =>
            {
                for (var round = 0; round < 1_000; round++)
                {
                    using var block = _pool.Rent();
                    block.Memory.Span[..16].Fill((byte)number);
                    Thread.Yield();
                    Assert.Equal(-1, block.Memory.Span[..16].IndexOfAnyExcept((byte)number));
                }
            }
        );
    }

    [Fact]
    public void Every_pipe_gets_the_same_pool_and_disposing_of_it_ends_nothing()
    {
        IMemoryPoolFactory<byte> factory = _pool;
        factory.Create().Dispose();

        Assert.Same(_pool, factory.Create());
        Assert.Equal(BlockPool.BlockBytes, _pool.Rent().Memory.Length);
    }

    private void Beat()
    {
        _time.Advance(TimeSpan.FromSeconds(11));
        ((IBeating)_pool).Beat(_time.GetTimestamp());
    }
}
