using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Penstock.Probing;
using Penstock.Probing.Conformance;
using Penstock.Tests.Registry.Discovery;

namespace Penstock.Tests.Probing;

/// <summary>Whatever an engine answers, a probe ends with a card or a reason, within its budget.</summary>
[Properties(Arbitrary = [typeof(OddAnswers)], MaxTest = 60)]
public sealed class ProbeProperties
{
    [Property]
    public async Task A_probe_of_whatever_answers_ends_with_a_card_or_a_reason(OddEngine odd)
    {
        using var engine = new LittleEngine(
            ("/v1/models", odd.Models),
            ("/version", odd.Version),
            ("/v1/chat/completions", odd.Chat),
            ("/metrics", odd.Metrics)
        );
        await using var bench = new ProbingBench(
            new ProbingOptions
            {
                HealthSeconds = 0,
                LoadSeconds = 0,
                IdleWatchSeconds = 0,
                PatienceSeconds = 20,
            }
        );
        bench.Follow(ProbingBench.Deploy("vllm", "demo", new Uri(engine.Url)));

        var (_, outcome) = Assert.Single(
            await bench.Watches.ProbeAsync(bench.Router.Table.Routes[0], ProbingBench.Stop)
        );

        Assert.True(outcome.Card is null != outcome.Problem is null);
        Assert.InRange(outcome.Card?.Calls ?? 1, 1, ProbeBudget.MostCalls);
        Assert.InRange(outcome.Card?.GeneratedTokens ?? 0, 0, ProbeBudget.MostTokens);
    }

    /// <summary>What one engine answers on each path.</summary>
    public sealed record OddEngine(string Models, string Version, string Chat, string Metrics);

    /// <summary>Answers of the right form with wrong things in them, and now and then of no form at all.</summary>
    private static class OddAnswers
    {
        private static readonly Gen<string> Value = Gen.Elements(
            "null",
            "true",
            "0",
            "-1",
            "2",
            "1e400",
            "12345678901234567890",
            "0.5",
            "\"\"",
            "\"demo\"",
            "\"vllm\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[\"\\udfff\"]",
            "{\"\\ud800\":1}",
            "[{\"id\":\"demo\"}]"
        );

        private static readonly Gen<string> Junk = Gen.Elements(
            "",
            "[",
            "{\"a\"",
            "data: [DONE]",
            "<html>",
            "\0",
            "data:"
        );

        public static Arbitrary<OddEngine> Engines() =>
            (
                from models in Document(Models)
                from version in Document(["""{"version":@}"""])
                from chat in Document(Chats)
                from metrics in Document(["vllm:num_requests_running @\n", "vllm:num_requests_running{engine=@} 1\n"])
                select new OddEngine(models, version, chat, metrics)
            ).ToArbitrary();

        private static readonly string[] Models =
        [
            """{"data":@}""",
            """{"data":[{"id":@,"owned_by":@,"max_model_len":@}]}""",
            """{"data":[@,{"id":"demo","owned_by":@,"meta":@}]}""",
            """{"data":[{"id":"demo","meta":{"n_ctx":@},@:1}]}""",
        ];

        private static readonly string[] Chats =
        [
            """{"choices":@,"usage":@}""",
            """{"choices":[@],"usage":{"completion_tokens":@,"prompt_tokens":@}}""",
            """{"choices":[{"message":@,"logprobs":@}],"usage":@}""",
            """{"choices":[{"message":{"content":@},"logprobs":{"content":[@]}},@]}""",
            "data: {\"choices\":[{\"delta\":{\"content\":@,\"tool_calls\":@}}],\"usage\":@}\n\ndata: @\n\ndata: [DONE]\n\n",
            "data: {\"choices\":@}\n\ndata: {\"choices\":[{\"delta\":@}]}\r\n\r\n",
        ];

        private static Gen<string> Document(string[] forms) =>
            Gen.OneOf(Gen.Elements(forms).SelectMany(Filled), Gen.Elements(forms).SelectMany(Filled), Junk);

        /// <summary>With a value of its own in each place.</summary>
        private static Gen<string> Filled(string form)
        {
            var pieces = form.Split('@');
            return Value
                .ListOf(pieces.Length - 1)
                .Select(values =>
                    pieces[0] + string.Concat(values.Zip(pieces.Skip(1), (value, piece) => value + piece))
                );
        }
    }
}
