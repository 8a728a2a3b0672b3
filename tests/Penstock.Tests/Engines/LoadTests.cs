using System.Text;
using Penstock.Engines;

namespace Penstock.Tests.Engines;

/// <summary>Each engine's own words for its load, read by the engine's own source.</summary>
public sealed class LoadTests
{
    [Fact]
    public void The_series_by_reason_does_not_double_the_queue() =>
        AssertLoad(
            new EngineLoad(3, 2, 0.25),
            "vllm",
            """
            # HELP vllm:num_requests_waiting Number of requests waiting.
            # TYPE vllm:num_requests_waiting gauge
            vllm:num_requests_running{engine="0",model_name="m"} 3.0
            vllm:num_requests_waiting{engine="0",model_name="m"} 2.0
            vllm:num_requests_waiting_by_reason{engine="0",model_name="m",reason="capacity"} 2.0
            vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
            """
        );

    [Fact]
    public void Ranks_of_data_parallelism_add_up_and_their_caches_are_averaged() =>
        AssertLoad(
            new EngineLoad(7, 1, 0.5),
            "vllm",
            """
            vllm:num_requests_running{engine="0",model_name="m"} 3
            vllm:num_requests_running{engine="1",model_name="m"} 4
            vllm:num_requests_waiting{engine="0",model_name="m"} 0
            vllm:num_requests_waiting{engine="1",model_name="m"} 1
            vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
            vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.75
            """
        );

    [Theory]
    [InlineData("vllm:gpu_cache_usage_perc 0.5")]
    [InlineData("vllm:gpu_cache_usage_perc 0.9\nvllm:kv_cache_usage_perc 0.5")]
    public void An_old_spelling_counts_where_the_new_one_is_missing(string text) =>
        AssertLoad(new EngineLoad(null, null, 0.5), "vllm", text);

    [Fact]
    public void Both_marks_behind_sglang_s_prefix_are_read_and_other_ranks_of_the_same_engine_are_not_counted_again()
    {
        var metrics = EngineCatalog.Find("sglang").LoadSource!.Otherwise!;
        Assert.Equal(
            new EngineLoad(5, 4, 0.5),
            metrics.Read(
                """
                sglang_num_running_reqs{model_name="m",tp_rank="0",dp_rank="0"} 2
                sglang_num_running_reqs{model_name="m",tp_rank="1",dp_rank="0"} 2
                sglang_num_running_reqs{model_name="m",tp_rank="0",dp_rank="1"} 3
                sglang:num_queue_reqs{model_name="m",tp_rank="0"} 4
                sglang:token_usage{model_name="m",pp_rank="0"} 0.5
                sglang:token_usage{model_name="m",pp_rank="1"} 0.9
                """u8
            )
        );
    }

    [Fact]
    public void Sglang_s_loads_add_up_over_ranks() =>
        AssertLoad(
            new EngineLoad(5, 4, 0.5),
            "sglang",
            """
            {"timestamp":1,"loads":[
              {"dp_rank":0,"num_running_reqs":2,"num_waiting_reqs":4,"token_usage":0.25},
              {"dp_rank":1,"num_running_reqs":3,"num_waiting_reqs":0,"token_usage":0.75}]}
            """
        );

    [Fact]
    public void Other_engines_gauges_are_read_under_their_own_names()
    {
        AssertLoad(
            new EngineLoad(1, 2, 0.125),
            "trtllm",
            """
            trtllm_num_requests_running{model_name="a}b\"c",engine_type="trtllm"} 1.0 1700000000000
            trtllm_num_requests_waiting{model_name="m"} 2.0
            trtllm_kv_cache_utilization{model_name="m"} 1.25e-1
            """
        );
        AssertLoad(
            new EngineLoad(1, 2, 0.5),
            "lmdeploy",
            """
            lmdeploy:num_requests_running{model_name="m",engine="0"} 1
            lmdeploy:num_requests_waiting{model_name="m",engine="0"} 2
            lmdeploy:num_api_requests_waiting{model_name="m",engine="0"} 9
            lmdeploy:gpu_cache_usage_perc{model_name="m",engine="0"} 0.5
            """
        );
        AssertLoad(new EngineLoad(4, 6, null), "tgi", "tgi_batch_current_size 4\ntgi_queue_size 6\n");
    }

    [Fact]
    public void Llama_s_slots_tell_who_is_at_work_and_nothing_of_who_waits() =>
        AssertLoad(
            new EngineLoad(2, null, null),
            "llamacpp",
            """
            [{"id":0,"is_processing":true,"params":{"is_processing":false}},
             {"id":1,"is_processing":false,"next_token":[{"a":1}]},{"id":2,"is_processing":true}]
            """
        );

    [Theory]
    [InlineData("vllm", "")]
    [InlineData("vllm", "vllm:num_requests_running NaN\nvllm:num_requests_waiting +Inf\nvllm:kv_cache_usage_perc x")]
    [InlineData("vllm", "vllm:num_requests_running{unclosed=\"1 3")]
    [InlineData("vllm", "vllm:num_requests_running_total 3\nvllm:num_requests_running{}")]
    [InlineData("sglang", "{}")]
    [InlineData("sglang", """{"loads":[]}""")]
    [InlineData("sglang", """{"loads":[{"num_running_reqs":"2"}]}""")]
    [InlineData("sglang", """{"loads":[{"num_running_reqs":-1}]}""")]
    [InlineData("sglang", "Not Found")]
    [InlineData("llamacpp", """{"error":{"code":501}}""")]
    [InlineData("llamacpp", """[{"id":0}]""")]
    [InlineData("llamacpp", "[{")]
    [InlineData("trtllm", "[]")]
    public void What_is_not_told_is_unknown_and_never_idle(string engine, string body) =>
        AssertLoad(EngineLoad.Unknown, engine, body);

    [Fact]
    public void A_rank_that_does_not_tell_leaves_a_gap_and_no_sum() =>
        AssertLoad(
            new EngineLoad(null, 3, null),
            "sglang",
            """{"loads":[{"num_running_reqs":2,"num_waiting_reqs":1},{"num_waiting_reqs":2}]}"""
        );

    private static void AssertLoad(EngineLoad expected, string engine, string body) =>
        Assert.Equal(expected, EngineCatalog.Find(engine).LoadSource!.Read(Encoding.UTF8.GetBytes(body)));
}
