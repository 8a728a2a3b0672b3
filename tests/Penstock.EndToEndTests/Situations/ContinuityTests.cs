using System.Collections.Concurrent;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Situations;

/// <summary>
/// A thousand streams over four replicas of which one dies every second: no stream is lost, and none shows that it was
/// ever in danger. The caller never asks again, and there is no fallback that could help.
/// </summary>
public sealed class ContinuityTests : IClassFixture<SituationGateway>
{
    private const int Streams = 1000;
    private const int AtOnce = 40;
    private const int Questions = 16;
    private static readonly TimeSpan BetweenDeaths = TimeSpan.FromSeconds(1);

    private readonly SituationGateway _fixture;

    public ContinuityTests(SituationGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task No_stream_is_lost_however_often_replicas_die()
    {
        var engines = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => SituationGateway.EngineAsync("--itl", "10ms"))
        );
        try
        {
            var model = await _fixture.DeployAsync(deployment => deployment.Remove("fallbacks"), engines);
            var undisturbed = new List<StreamedAnswer>();
            for (var question = 0; question < Questions; question++)
            {
                undisturbed.Add(await AskAsync(model, question));
            }

            using var over = new CancellationTokenSource();
            var dying = DieInTurnAsync(engines, over.Token);
            var lost = new ConcurrentQueue<string>();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Streams),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (stream, _) =>
                {
                    var answer = await AskAsync(model, stream % Questions);
                    if (Judge(answer, undisturbed[stream % Questions]) is { } wrong)
                    {
                        lost.Enqueue($"stream {stream}: {wrong}\n{answer}");
                    }
                }
            );
            await over.CancelAsync();
            var deaths = await dying;

            Assert.True(
                lost.IsEmpty,
                $"{lost.Count} of {Streams} after {deaths} deaths, first:\n{lost.FirstOrDefault()}"
            );
            Assert.True(deaths >= 5, $"only {deaths} deaths");
            foreach (var engine in engines)
            {
                await Until.TrueAsync(async () => await engine.CountAsync("running") == 0, "generations to end");
            }
        }
        finally
        {
            foreach (var engine in engines)
            {
                await engine.DisposeAsync();
            }
        }
    }

    private static string? Judge(StreamedAnswer answer, StreamedAnswer undisturbed) =>
        !answer.IsWhole ? "not one whole stream"
        : answer.Text != undisturbed.Text ? $"another text:\n{answer.Text}\nnot\n{undisturbed.Text}"
        : answer.Usages.Count != 1 ? $"{answer.Usages.Count} usages"
        : answer.Usages[0].ToJsonString() != undisturbed.Usages[0].ToJsonString() ? "another usage"
        : null;

    private async Task<StreamedAnswer> AskAsync(string model, int question)
    {
        var body = ChatBody
            .Saying($"Question {question}: what is a penstock?", model, stream: true)
            .Replace(
                "\"stream\":true",
                "\"stream\":true,\"stream_options\":{\"include_usage\":true}",
                StringComparison.Ordinal
            );
        using var stream = await _fixture.Client.OpenAsync(body);
        var text = await stream.ReadToEndAsync();
        Assert.True(stream.Status == 200, $"{stream.Status}: {text}");
        return StreamedAnswer.Of(text);
    }

    private static async Task<int> DieInTurnAsync(SimulatorProcess[] engines, CancellationToken over)
    {
        using var beat = new PeriodicTimer(BetweenDeaths);
        var deaths = 0;
        try
        {
            while (await beat.WaitForNextTickAsync(over))
            {
                // Half of them come back at once, as under a supervisor; half stay away for a while.
                await engines[deaths % engines.Length].DieAsync(deaths % 2 == 0 ? "300ms" : null);
                deaths++;
            }
        }
        catch (OperationCanceledException)
        {
            // All streams have ended.
        }

        return deaths;
    }
}
