using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Hosting;
using Penstock.Metering;
using Penstock.Storage;
using Penstock.Tests.Registry;

namespace Penstock.Tests.Hosting;

public sealed class HttpsTests
{
    private static readonly byte[] PlainRequest = Encoding.ASCII.GetBytes(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    );

    [Fact]
    public async Task Where_tls_is_listened_for_requests_are_answered_over_it_and_never_in_the_clear()
    {
        using var temporary = new TemporaryFolder();
        using var certificate = WriteCertificate(temporary);
        var settings = new ServeSettings(
            "https://127.0.0.1:0",
            AdminUrls: null,
            temporary.File("data"),
            Config: null,
            Upstreams: [],
            Discovery: false
        );
        using var folder = DataFolder.Open(settings.Data);
        await using var app = Gateway.Build(
            settings,
            folder,
            [
                $"Kestrel:Certificates:Default:Path={temporary.File("cert.pem")}",
                $"Kestrel:Certificates:Default:KeyPath={temporary.File("key.pem")}",
            ]
        );
        await app.Services.GetRequiredService<IUsageStore>().OpenAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var url = new Uri(app.Urls.First());

        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(certificate);
        using var client = new HttpClient(handler) { BaseAddress = url };
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        var answer = await client.PostAsync("/v1/chat/completions", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        Assert.DoesNotContain("401", await SayInTheClearAsync(url), StringComparison.Ordinal);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> SayInTheClearAsync(Uri url)
    {
        using var socket = new TcpClient(url.Host, url.Port);
        await socket.GetStream().WriteAsync(PlainRequest, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream());
        try
        {
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static X509Certificate2 WriteCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
