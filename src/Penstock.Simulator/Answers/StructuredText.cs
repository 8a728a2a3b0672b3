using System.Text.Json;
using Penstock.Simulator.Answers.Schema;

namespace Penstock.Simulator.Answers;

/// <summary>Answers whose form the request prescribes.</summary>
internal static class StructuredText
{
    // What a model makes of "any JSON object" without further word.
    private static readonly JsonElement AnyObject = JsonElement.Parse(
        """
        {"type":"object","required":["answer","title"],"properties":{"title":{"type":"string"},"answer":{"type":"string"},
        "confidence":{"type":"number","minimum":0,"maximum":1},"tags":{"type":"array","items":{"type":"string","maxLength":16}}}}
        """
    );

    /// <returns>Null where the text is free.</returns>
    public static string? Write(AnswerFormat format, ulong seed)
    {
        var dice = new Dice(seed);
        return format.Kind switch
        {
            AnswerKind.JsonObject => PythonJson.Write(SchemaInstance.Write(AnyObject, seed)),
            AnswerKind.JsonSchema => PythonJson.Write(SchemaInstance.Write(format.Schema, seed)),
            AnswerKind.OneOf => format.Texts[dice.Next(format.Texts.Count)],
            AnswerKind.Pattern => PatternText.Write(format.Pattern, ref dice) ?? "",
            _ => null,
        };
    }
}
