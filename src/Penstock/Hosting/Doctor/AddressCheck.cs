using System.Net;
using System.Net.Sockets;

namespace Penstock.Hosting.Doctor;

/// <summary>Where the gateway listens or will: held by a Penstock that is ready, or free.</summary>
internal sealed class AddressCheck(BoundedClient client)
{
    private const string Name = "address";
    private const string ReadyPath = "/health/ready";

    // The words of our own health endpoint: what answers otherwise is not we.
    private static ReadOnlySpan<byte> Ready => """{"status":"ready"}"""u8;

    private static ReadOnlySpan<byte> NotReady => """{"status":"not ready"}"""u8;

    public static IEnumerable<string> Split(string urls) =>
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with the form of an address; null: nothing.</summary>
    public static string? Mistake(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var usable =
                address is
                { IsUnixPipe: false, IsNamedPipe: false, Port: > 0, Scheme: "http" or "https", PathBase: "" };
            return usable ? null : $"give a host and a port, such as {ServeSettings.DefaultUrls}.";
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    public async Task<Finding> RunAsync(string url)
    {
        var address = BindingAddress.Parse(url);
        var reached = Reached(address);
        if (await client.ConnectAsync(reached) is { } silence)
        {
            return await FreeAsync(url, address, silence);
        }

        var sight = await client.GetAsync(new Uri(reached, ReadyPath), credential: null);
        if (sight.Body.AsSpan().SequenceEqual(Ready))
        {
            return Finding.Ok(Name, $"{url}: a Penstock answers, and is ready");
        }

        return sight.Body.AsSpan().SequenceEqual(NotReady)
            ? Finding.Warning(Name, $"{url}: a Penstock answers that is not ready", "It starts or stops; see its log.")
            : Finding.Problem(
                Name,
                $"{url} is taken by something that is no Penstock: {sight.Told} to GET {ReadyPath}",
                "Stop that, or choose another address with --urls."
            );
    }

    /// <summary>An address that stands for all of the machine is reached on loopback.</summary>
    private static Uri Reached(BindingAddress address)
    {
        var any = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip)
            ? ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)
            : address.Host is "*" or "+";
        return new UriBuilder(address.Scheme, any ? "127.0.0.1" : address.Host, address.Port).Uri;
    }

    /// <summary>Nobody answers. Taking the port for a moment tells whether a server could.</summary>
    private static async Task<Finding> FreeAsync(string url, BindingAddress address, string silence)
    {
        try
        {
            using var listener = new TcpListener(await OwnAddressAsync(address.Host), address.Port);
            listener.Start();
            return Finding.Ok(Name, $"{url} is free: no gateway runs there");
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return Finding.Problem(
                Name,
                $"{url} is taken by something that takes no connections: {silence}",
                "Find it with ss -ltnp and stop it, or choose another address with --urls."
            );
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            return Finding.Problem(
                Name,
                $"{url} may not be listened on: {error.Message}",
                "Ports below 1024 need a right of their own: choose a higher one with --urls."
            );
        }
        catch (SocketException)
        {
            return Finding.Problem(
                Name,
                $"{url}: no gateway answers ({silence}), and it is no address of this machine",
                "Name where the gateway runs with --server, or start it there."
            );
        }
    }

    /// <summary>A name is taken for what it stands for, so that another machine's is seen to be no address of this.</summary>
    private static async Task<IPAddress> OwnAddressAsync(string host)
    {
        if (host is "*" or "+")
        {
            return IPAddress.Any;
        }

        return IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? ip : (await Dns.GetHostAddressesAsync(host))[0];
    }
}
