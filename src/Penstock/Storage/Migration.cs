using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Penstock.Storage;

/// <summary>One numbered step of a schema, embedded in the program.</summary>
/// <param name="Checksum">SHA-256 of the text: a step that was applied must never change.</param>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum)
{
    private const string Root = "Penstock.Storage.";

    public static Migration Of(int number, string name, string sql) =>
        new(number, name, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));

    /// <summary>All steps of one database that this program knows, in order.</summary>
    /// <param name="series">The folder of the steps, as in <c>Sqlite.Ledger</c>.</param>
    public static IReadOnlyList<Migration> Embedded(string series)
    {
        var folder = $"{Root}{series}.";
        var assembly = typeof(Migration).Assembly;
        var names = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal));
        return [.. names.Select(Read).OrderBy(migration => migration.Number)];

        Migration Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var file = resource[folder.Length..^".sql".Length];
            return Of(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
        }
    }
}
