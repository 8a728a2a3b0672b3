using Penstock.Simulator.Answers;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects;

/// <summary>Writes the JSON of one stream's events; what is the same in all of them is written once.</summary>
internal abstract class ChunkWriter
{
    /// <summary>What each choice begins with; false for none.</summary>
    public abstract bool Role(ByteBuffer output, int choice);

    /// <summary>One token; false when this token shows nothing.</summary>
    public abstract bool Token(ByteBuffer output, Choice choice, int position, bool withFinish);

    /// <summary>What each choice ends with where the reason does not ride on the last token; false for none.</summary>
    public virtual bool Finish(ByteBuffer output, Choice choice) => false;

    /// <summary>The usage at the end.</summary>
    public abstract void Usage(ByteBuffer output);

    /// <summary>The event that tells of a failed generation; false where the engine says nothing.</summary>
    public abstract bool Error(ByteBuffer output, string message);
}
