namespace Penstock.Simulator.Answers;

/// <summary>The kinds of <see cref="AnswerFormat"/>.</summary>
internal enum AnswerKind
{
    Text,
    JsonObject,
    JsonSchema,
    OneOf,
    Pattern,
}
