namespace Penstock.Hosting;

/// <summary>The gateway cannot start, and the message says what to do.</summary>
internal sealed class StartException(string message) : Exception(message);
