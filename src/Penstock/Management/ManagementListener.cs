using System.Net;
using Microsoft.Extensions.Options;

namespace Penstock.Management;

/// <summary>
/// Tells by the address a connection came in at, which no caller can forge, whether the management API is served there.
/// </summary>
internal sealed class ManagementListener
{
    private readonly (int Port, IPAddress? Address)[] _endpoints;

    public ManagementListener(IOptions<ManagementOptions> options) =>
        _endpoints = [.. Split(options.Value.Urls).Select(Endpoint)];

    /// <summary>Whether it has a listener of its own.</summary>
    public bool IsApart => _endpoints.Length > 0;

    public bool Serves(ConnectionInfo connection) =>
        !IsApart
        || Array.Exists(
            _endpoints,
            endpoint =>
                endpoint.Port == connection.LocalPort
                && (endpoint.Address is null || endpoint.Address.Equals(Plain(connection.LocalIpAddress)))
        );

    public static IEnumerable<string> Split(string? urls) =>
        (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with a URL; null: nothing.</summary>
    public static string? Problem(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address.IsUnixPipe || address.IsNamedPipe)
            {
                return "give a host and a port, such as http://127.0.0.1:8081.";
            }

            return address.Port == 0 ? "name a port: with 0 nobody knows which listener it is." : null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    private static (int Port, IPAddress? Address) Endpoint(string url)
    {
        var address = BindingAddress.Parse(url);
        var known = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
        var any = !known || ip!.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any);
        return (address.Port, any ? null : ip);
    }

    private static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
