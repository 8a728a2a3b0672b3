namespace Penstock.Engines;

/// <summary>What a request meets while its engine is not ready.</summary>
internal enum ColdStart
{
    /// <summary>Nothing listens yet: the connection is refused.</summary>
    Refuses,

    /// <summary>It listens and answers 503 until the model is loaded.</summary>
    Answers503,

    /// <summary>It takes the request and is silent until it can answer: the request itself may be what wakes it.</summary>
    Holds,
}
