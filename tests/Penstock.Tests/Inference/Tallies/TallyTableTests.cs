using Penstock.Inference;
using Penstock.Inference.Tallies;
using Penstock.Routing;

namespace Penstock.Tests.Inference.Tallies;

public sealed class TallyTableTests
{
    private readonly TallyTable _table = new();

    [Fact]
    public void Deployments_of_one_model_on_one_kind_of_engine_share_a_tally()
    {
        var (first, second) = (Make("m", "vllm"), Make("m", "vllm"));

        Assert.Same(_table.Of(first), _table.Of(second));
        Assert.NotSame(_table.Of(first), _table.Of(Make("m", "sglang")));
        Assert.Same(_table.Of(first).OfModel, _table.Of(Make("m", "sglang")).OfModel);
        Assert.NotSame(_table.Of(first).OfModel, _table.Of(Make("n", "vllm")).OfModel);
    }

    [Fact]
    public void A_deployment_that_is_changed_counts_for_what_it_is_now()
    {
        var before = Make("m", "vllm");
        var after = before with { Model = "n" };

        Assert.NotSame(_table.Of(before), _table.Of(after));
        Assert.Same(_table.Of(before), _table.Of(before with { Model = new string("m") }));
    }

    [Fact]
    public void However_many_models_come_and_go_nothing_is_lost_and_the_series_stay_bounded()
    {
        for (var i = 0; i < 3_000; i++)
        {
            var route = _table.Of(Make($"model-{i}", "vllm"));
            _table.Of(route, (InferenceEnding)(i % 3)).Add();
            _table.Of(route, InferenceEnding.Completed).Add();
            _table.Of(route, InferenceEnding.ClientGone).Add();
            _table.Of(_table.Of(null), (InferenceEnding)(i % 30)).Add();
        }

        Assert.Equal(12_000, _table.Endings.Sum(ending => ending.Requests.Value));
        Assert.InRange(_table.Endings.Count, TallyTable.MostEndings, 2_000);
        Assert.InRange(_table.Models.Count, 500, TallyTable.MostModels + 1);
        Assert.Equal(_table.Endings.Count, _table.Endings.Select(ending => LabelsOf(ending)).Distinct().Count());
        Assert.Contains("other other completed", _table.Endings.Select(LabelsOf));
    }

    [Fact]
    public void Threads_that_begin_the_same_tallies_at_once_agree_on_them()
    {
        Threads.Run(
            8,
            _ =>
            {
                for (var i = 0; i < 2_000; i++)
                {
                    var deployment = Make($"model-{i % 50}", i % 2 == 0 ? "vllm" : "sglang");
                    _table.Of(_table.Of(deployment), (InferenceEnding)(i % 5)).Add();
                }
            }
        );

        Assert.Equal(16_000, _table.Endings.Sum(ending => ending.Requests.Value));
        Assert.Equal(50, _table.Models.Count);
        Assert.Equal(_table.Endings.Count, _table.Endings.Select(LabelsOf).Distinct().Count());
    }

    private static string LabelsOf(EndingTally tally) =>
        string.Join(' ', tally.Labels.ToArray().Select(label => label.Value));

    private static Deployment Make(string model, string backend) =>
        GatewayInProcess.Deploy(model) with
        {
            Backend = backend,
        };
}
