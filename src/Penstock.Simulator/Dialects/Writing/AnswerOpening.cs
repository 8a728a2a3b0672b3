using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Writing;

/// <summary>How an answer or an event begins: id, object, created, model, and whatever else comes before the choices.</summary>
internal static class AnswerOpening
{
    public const string Whole = "chat.completion";
    public const string Chunk = "chat.completion.chunk";

    /// <param name="answer">The answer.</param>
    /// <param name="kind">One of the two above.</param>
    /// <param name="model">The name that the engine shows.</param>
    /// <param name="more">Further members with a comma before each.</param>
    public static byte[] Of(Answer answer, string kind, string model, string more = "") =>
        new ByteBuffer(256)
            .Add("{\"id\":"u8)
            .AddQuoted(answer.Id)
            .Add(",\"object\":"u8)
            .AddQuoted(kind)
            .Add(",\"created\":"u8)
            .Add(answer.Created)
            .Add(",\"model\":"u8)
            .AddQuoted(model)
            .Add(more)
            .Add(",\"choices\":["u8)
            .ToArray();
}
