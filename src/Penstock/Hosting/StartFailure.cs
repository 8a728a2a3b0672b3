using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Penstock.Registry;

namespace Penstock.Hosting;

/// <summary>A start that fails for a reason the operator can mend is told in words, not in a stack trace.</summary>
internal static class StartFailure
{
    /// <returns>Null when it is a bug: then the stack trace is what helps.</returns>
    public static string? Explain(Exception exception, ServeSettings settings) =>
        exception switch
        {
            IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
                $"{settings.Urls} is taken by something else. Stop it, or choose another address with --urls.",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
                $"{settings.Urls} is not an address of this machine. Choose another with --urls.",
            OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
            // A setting that cannot be read as its type: the message names its key, its value and the type.
            InvalidOperationException { InnerException: ArgumentException or FormatException } => exception.Message,
            InvalidDataException => Unreadable(exception),
            // No certificate, or none that can be read.
            InvalidOperationException
            or System.Security.Cryptography.CryptographicException
                when settings.Urls.Contains("https:", StringComparison.OrdinalIgnoreCase) =>
                $"{settings.Urls} cannot be served: {exception.Message} Name a certificate with "
                    + "Kestrel:Certificates:Default:Path and :KeyPath.",
            StartException or StoreException or StoreAwayException => exception.Message,
            _ => null,
        };

    /// <summary>A file of settings that is no JSON: the outer exception names the file, the innermost the line.</summary>
    public static string Unreadable(Exception exception) =>
        exception.InnerException is null
            ? exception.Message
            : $"{exception.Message} {exception.GetBaseException().Message}";
}
