using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>How one engine refuses what it cannot read or will not run.</summary>
internal abstract class Complaints
{
    /// <summary>Whether types are read as pydantic's lax mode reads them.</summary>
    public virtual bool IsLax => true;

    /// <param name="position">The byte at which reading failed; null where the bytes are not even UTF-8.</param>
    public abstract HttpReply NotJson(long? position);

    public abstract HttpReply WrongType(TypeMistake mistake);

    /// <summary>A rule between fields, checked while the request is read.</summary>
    public abstract HttpReply Rule(string message, string? param = null, string? value = null);

    /// <summary>A check of meaning, made when the request is about to run.</summary>
    public abstract HttpReply Meaning(string message, string? param = null, string? value = null);

    /// <summary>The prompt and what was asked for do not fit.</summary>
    public abstract HttpReply TooLong(ContextOverrun overrun);

    public RefusalException Against(string message, string? param = null, string? value = null) =>
        new(Rule(message, param, value));
}
