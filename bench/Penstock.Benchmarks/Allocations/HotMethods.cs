using Penstock.Benchmarks.Stages;

namespace Penstock.Benchmarks.Allocations;

/// <summary>What each hot method allocates by itself.</summary>
internal static class HotMethods
{
    public static IEnumerable<KeyValuePair<string, double>> Measure()
    {
        var doors = new DoorStage();
        yield return By("authenticate", doors.Authenticate);
        yield return By("take_limit", doors.TakeLimit);
        yield return By("limit_headers", doors.WriteLimitHeaders);

        var small = new RequestStage(prompt: 300);
        yield return By("skim_small", small.Skim);
        yield return By("find_route", small.FindRoute);
        yield return By("splice", small.Splice);
        yield return By("request_head", small.WriteHead);
        yield return By("skim_256k", new RequestStage(prompt: 256 * 1024).Skim);

        using var answers = new AnswerStage();
        yield return By("response_head", answers.ParseHead);
        yield return By("dechunk", answers.Dechunk);
        yield return By("scan_events", answers.ScanEvents);

        using var record = new RecordStage();
        yield return By("log_line", record.WriteLine);
        yield return By("metrics", record.Count);
    }

    private static KeyValuePair<string, double> By(string name, Action action) => new(name, Allocated.By(action));
}
