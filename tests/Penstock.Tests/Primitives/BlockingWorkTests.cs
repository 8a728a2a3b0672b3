using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class BlockingWorkTests
{
    [Fact]
    public void It_throws_on_a_thread_that_must_not_wait_and_on_no_other()
    {
        Threads.Run(
            1,
            static _ =>
            {
                BlockingWork.Begin();
                BlockingWork.ForbidHere();
                Assert.Throws<InvalidOperationException>(BlockingWork.Begin);
            }
        );
        BlockingWork.Begin();
    }
}
