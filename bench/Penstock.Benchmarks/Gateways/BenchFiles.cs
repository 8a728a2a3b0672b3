using System.Text;

namespace Penstock.Benchmarks.Gateways;

/// <summary>A folder for one gateway's data and its declarative file; gone when disposed.</summary>
internal sealed class BenchFiles : IDisposable
{
    public const string Model = "bench-model";
    public const string KeyVariable = "PENSTOCK_BENCH_KEY";
    public const string Key = "a-key-for-benchmarks-only-0123456789";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("penstock-bench-");

    /// <param name="engines">The models, each with its one engine.</param>
    public BenchFiles(IEnumerable<(string Model, Uri Url)> engines)
    {
        // The limits stand far above the load: what is measured is the check, not a refusal.
        var file = new StringBuilder(
            $$"""
            plans:
              - { name: bench, requests_per_minute: 100000000, max_requests_per_minute: 100000000, burst: 100000000 }
            workspaces:
              - { name: bench, plan: bench }
            keys:
              - { name: bench, workspace: bench, secret_env: {{KeyVariable}} }
            deployments:

            """
        );
        foreach (var (model, url) in engines)
        {
            file.Append(
                $$"""
                  - workspace: bench
                    model: {{model}}
                    upstream_model: {{model}}
                    backend: vllm
                    replicas:
                      - url: {{url.AbsoluteUri.TrimEnd('/')}}
                    limits: { max_concurrency: 1000000 }

                """
            );
        }

        File.WriteAllText(Config, file.ToString());
    }

    public string Config => Path.Combine(_folder.FullName, "bench.yaml");

    public string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);
}
