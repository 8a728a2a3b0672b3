namespace Penstock.Registry;

/// <summary>
/// The store cannot be reached, or did not answer in time. What was asked of it may have happened all the same.
/// </summary>
internal sealed class StoreAwayException(string message, Exception inner) : Exception(message, inner);
