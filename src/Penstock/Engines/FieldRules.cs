using System.Collections.Immutable;

namespace Penstock.Engines;

/// <summary>Request fields that an engine would break on, or lie about. What is not said here goes to it as it is.</summary>
internal sealed record FieldRules
{
    public static FieldRules None { get; } = new();

    /// <summary>
    /// OpenAI's own hints and bookkeeping that the engine refuses although they ask nothing of it: they are left out.
    /// </summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>It takes a null for a wrong type, where OpenAI has it as "not given".</summary>
    public bool RefusesNulls { get; init; }

    /// <summary>It reads <c>max_tokens</c> and has not heard of <c>max_completion_tokens</c>.</summary>
    public bool KnowsMaxTokensOnly { get; init; }

    /// <summary>It refuses a <c>top_p</c> of 1, OpenAI's default, which asks for nothing.</summary>
    public bool RefusesTopPOfOne { get; init; }

    /// <summary>It reads <c>stop</c> as a list, and refuses the one string that OpenAI also has.</summary>
    public bool WantsStopAsList { get; init; }

    /// <summary>It takes a <c>tool_choice</c> that names a function for <c>auto</c>, in silence.</summary>
    public bool IgnoresNamedToolChoice { get; init; }

    /// <summary>It never looks at <c>tool_choice</c>.</summary>
    public bool IgnoresToolChoice { get; init; }

    /// <summary>It answers with so many choices at most, whatever <c>n</c> asks; null: <c>n</c> is honoured or refused.</summary>
    public int? MostChoices { get; init; }

    /// <summary>Fields that it once knew; null: none that anybody still sends.</summary>
    public RemovedFields? Removed { get; init; }
}
