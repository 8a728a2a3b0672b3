using System.Globalization;
using Penstock.Simulator.Dialects.Reading;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The ranges of the sampling parameters, with vLLM's words for what lies outside.</summary>
internal static class VllmSampling
{
    // VLLM_MAX_N_SEQUENCES as shipped.
    private const long MaxSequences = 16_384;

    public static void Check(RequestFields fields, int maxLogProbs)
    {
        var temperature = fields.Number("temperature") ?? 1;
        var n = fields.Integer("n") ?? 1;
        Require(n >= 1, $"n must be at least 1, got {n}.", "n", n);
        Require(n <= MaxSequences, $"n must be at most {MaxSequences}, got {n}.", "n", n);
        Within(fields, "presence_penalty");
        Within(fields, "frequency_penalty");
        Require(
            fields.Number("repetition_penalty") is not <= 0,
            $"repetition_penalty must be greater than zero, got {fields.Number("repetition_penalty")}."
        );
        Require(
            double.IsFinite(temperature),
            $"temperature must be a finite number, got {temperature}.",
            "temperature",
            temperature
        );
        Require(
            temperature >= 0,
            $"temperature must be non-negative, got {Float(temperature)}.",
            "temperature",
            temperature
        );
        Require(
            temperature <= 2,
            $"temperature must be in [0, 2], got {Float(temperature)}.",
            "temperature",
            temperature
        );
        var topP = fields.Number("top_p") ?? 1;
        Require(topP is > 0 and <= 1, $"top_p must be in (0, 1], got {Float(topP)}.", "top_p", topP);
        Require(
            (fields.Integer("top_k") ?? 0) >= -1,
            $"top_k must be 0 (disable), or at least 1, got {fields.Integer("top_k")}."
        );
        var minP = fields.Number("min_p") ?? 0;
        Require(minP is >= 0 and <= 1, $"min_p must be in [0, 1], got {Float(minP)}.");
        CheckLength(fields);
        Require(fields.Strings("stop").TrueForAll(s => s.Length > 0), "stop cannot contain an empty string.");
        var top = fields.Integer("top_logprobs") ?? 0;
        Require(
            top <= maxLogProbs,
            $"Requested sample logprobs of {top}, which is greater than max allowed: {maxLogProbs}",
            "logprobs",
            top
        );
        // Without chance every answer would be the same one.
        Require(temperature >= 1e-5 || n == 1, $"n must be 1 when using greedy sampling, got {n}.");
    }

    private static void CheckLength(RequestFields fields)
    {
        var max = fields.Integer("max_completion_tokens") ?? fields.Integer("max_tokens");
        Require(max is not < 1, $"max_tokens must be at least 1, got {max}.", "max_tokens", max ?? 0);
        var min = fields.Integer("min_tokens") ?? 0;
        Require(min >= 0, $"min_tokens must be greater than or equal to 0, got {min}.");
        Require(max is null || min <= max, $"min_tokens must be less than or equal to max_tokens={max}, got {min}.");
    }

    private static void Within(RequestFields fields, string name)
    {
        var value = fields.Number(name) ?? 0;
        Require(value is >= -2 and <= 2, $"{name} must be in [-2, 2], got {Float(value)}.");
    }

    private static void Require(bool holds, string message, string? param = null, double? value = null)
    {
        if (!holds)
        {
            throw new RefusalException(
                VllmErrors.Semantic(message, param, value?.ToString("R", CultureInfo.InvariantCulture))
            );
        }
    }

    /// <summary>As Python prints it: 3 is 3.0.</summary>
    private static string Float(double value) =>
        Math.Floor(value).Equals(value) && Math.Abs(value) < 1e16
            ? value.ToString("F1", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}
