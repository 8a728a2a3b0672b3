using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Penstock.Storage.Sqlite;

/// <summary>One numbered step of the schema, embedded in the program.</summary>
/// <param name="Checksum">SHA-256 of the text: a step that was applied must never change.</param>
internal sealed record SqliteMigration(int Number, string Name, string Sql, string Checksum)
{
    private const string Root = "Penstock.Storage.Sqlite.";

    /// <summary>The steps of the registry's database.</summary>
    public const string Registry = "Migrations";

    /// <summary>The steps of the ledger's database.</summary>
    public const string Ledger = "Ledger";

    public static SqliteMigration Of(int number, string name, string sql) =>
        new(number, name, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));

    /// <summary>All steps of one database that this program knows, in order.</summary>
    public static IReadOnlyList<SqliteMigration> Embedded(string database = Registry)
    {
        var folder = $"{Root}{database}.";
        var assembly = typeof(SqliteMigration).Assembly;
        var names = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal));
        return [.. names.Select(Read).OrderBy(migration => migration.Number)];

        SqliteMigration Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var file = resource[folder.Length..^".sql".Length];
            return Of(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
        }
    }
}
