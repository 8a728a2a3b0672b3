namespace Penstock.Benchmarks.Fuzz;

/// <summary>A few answers to begin with, one a file.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Read()
    {
        var assembly = typeof(Corpus).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith("corpus/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Bytes(assembly.GetManifestResourceStream(name)!)),
        ];
    }

    private static byte[] Bytes(Stream file)
    {
        using (file)
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }
}
