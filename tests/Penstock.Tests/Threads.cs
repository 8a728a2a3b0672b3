using System.Runtime.ExceptionServices;

namespace Penstock.Tests;

/// <summary>Runs the same action on real threads that start together.</summary>
internal static class Threads
{
    public static void Run(int count, Action<int> action)
    {
        using var start = new Barrier(count);
        ExceptionDispatchInfo? failure = null;
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() => RunOne(number))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        failure?.Throw();

        void RunOne(int number)
        {
            start.SignalAndWait();
            try
            {
                action(number);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }
}
