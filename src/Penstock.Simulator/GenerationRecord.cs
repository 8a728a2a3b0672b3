namespace Penstock.Simulator;

/// <summary>What one request cost the engine; of a generation that still runs, so far.</summary>
/// <param name="Number">Counted from 1 since start or reset.</param>
/// <param name="Id">The id its answer bears; empty where it was ended before it had one.</param>
/// <param name="RequestId">The <c>X-Request-Id</c> it came with.</param>
/// <param name="User">The <c>user</c> field it came with.</param>
/// <param name="CacheSalt">The <c>cache_salt</c> field it came with.</param>
/// <param name="Model">The model it asked for.</param>
/// <param name="Ending">waiting, running, completed, aborted or faulted.</param>
/// <param name="PromptTokens">Tokens of its prompt.</param>
/// <param name="CachedTokens">Those of them that the prefix cache held.</param>
/// <param name="GeneratedTokens">Tokens the engine made for it, whether or not anybody was there to read them.</param>
/// <param name="SentTokens">Those of them whose bytes went out before the client was seen to go.</param>
/// <param name="QueueMicroseconds">From its arrival to its slot.</param>
/// <param name="FirstTokenMicroseconds">From its arrival to its first token; 0 where there was none.</param>
public sealed record GenerationRecord(
    long Number,
    string Id,
    string? RequestId,
    string? User,
    string? CacheSalt,
    string Model,
    string Ending,
    int PromptTokens,
    int CachedTokens,
    int GeneratedTokens,
    int SentTokens,
    long QueueMicroseconds,
    long FirstTokenMicroseconds
);
