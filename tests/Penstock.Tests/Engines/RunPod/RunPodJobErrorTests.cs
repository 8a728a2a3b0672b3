using System.Text;
using System.Text.Json;
using Penstock.Engines;

namespace Penstock.Tests.Engines.RunPod;

/// <summary>What the worker, the SDK and the host make of one error of vLLM, read back.</summary>
public sealed class RunPodJobErrorTests
{
    private const string VllmBody =
        """{"error":{"message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":"input_tokens","code":400}}""";

    private const string Sentence = "vLLM returned HTTP 400: " + VllmBody;

    /// <summary>Python prints a string that holds both quotes between single ones, and escapes those.</summary>
    private static string PythonPrint =>
        "{'message': '"
        + Sentence.Replace("'", "\\'", StringComparison.Ordinal)
        + "', 'type': 'worker_error', 'code': None}";

    public static TheoryData<string> Wrappings =>
        [
            Wrap(PythonPrint),
            Wrap(
                JsonSerializer.Serialize(
                    new
                    {
                        message = Sentence,
                        type = "worker_error",
                        code = (string?)null,
                    }
                )
            ),
            JsonSerializer.Serialize(
                new
                {
                    error = new
                    {
                        message = Sentence,
                        type = "worker_error",
                        code = (string?)null,
                    },
                }
            ),
            JsonSerializer.Serialize(
                new
                {
                    id = "job-1",
                    status = "FAILED",
                    error = PythonPrint,
                }
            ),
            JsonSerializer.Serialize(
                new
                {
                    error = new
                    {
                        message = Sentence
                            .Replace("\"", "'", StringComparison.Ordinal)
                            .Replace("model's", "model\\'s", StringComparison.Ordinal),
                        type = "worker_error",
                    },
                }
            ),
        ];

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void The_engine_s_status_and_words_come_out_of_the_job_s_error(string body)
    {
        foreach (var status in (int[])[500, 400])
        {
            var error = EngineErrorReader.Read(EngineCatalog.Find("runpod-vllm"), status, Encoding.UTF8.GetBytes(body));

            Assert.Equal("This model's maximum context length is 4096 tokens.", error.Message);
            Assert.Equal((400, "input_tokens", "400"), (error.Status, error.Param, error.Code));
        }

        Assert.Equal(400, EngineErrorReader.ReadInSuccess(Encoding.UTF8.GetBytes(body))!.Status);
        Assert.Equal(400, EngineErrorReader.ReadEvent(Encoding.UTF8.GetBytes(body)).Status);
    }

    [Fact]
    public void A_job_s_error_that_is_cut_off_still_tells_its_status()
    {
        var error = Read(500, Wrap(PythonPrint[..60]));

        Assert.Equal(400, error.Status);
    }

    [Fact]
    public void An_engine_that_died_in_its_worker_is_the_engine_s_failure()
    {
        const string said = "{'message': 'vLLM server process is not running', 'type': 'worker_error', 'code': None}";
        var error = Read(500, Wrap(said));

        Assert.Equal(("vLLM server process is not running", 500), (error.Message, error.Status));
    }

    [Fact]
    public void A_handler_s_exception_shows_its_sentence_and_no_trace()
    {
        var printed = JsonSerializer.Serialize(
            new
            {
                error_type = "<class 'ValueError'>",
                error_message = "no such route",
                error_traceback = "Traceback (most recent call last):\n  File \"/handler.py\"",
                hostname = "pod-1",
            }
        );
        var error = Read(500, Wrap(printed));

        Assert.Equal("no such route", error.Message);
    }

    [Theory]
    [InlineData("it took { and never gave back")]
    [InlineData("{'message': ")]
    [InlineData("{'a': \\x")]
    [InlineData("{}")]
    [InlineData("{'message': None}")]
    public void What_only_looks_like_a_print_is_passed_on_as_text(string said) =>
        Assert.Equal(said, Read(500, Wrap(said)).Message);

    private static EngineError Read(int status, string body) =>
        EngineErrorReader.Read(EngineCatalog.Find("runpod-vllm"), status, Encoding.UTF8.GetBytes(body));

    private static string Wrap(string error) => JsonSerializer.Serialize(new { error });
}
