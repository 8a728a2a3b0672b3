namespace Penstock.Registry;

/// <summary>A store cannot be used as it stands; the message says to an operator what to do about it.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
