using System.Data.Common;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>Reads the audit on an open connection.</summary>
internal static class AuditTable
{
    public static async Task<IReadOnlyList<AuditEntry>> ReadAsync(
        DbConnection connection,
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        await connection.RowsAsync(
            RegistrySql.SelectAudit,
            Entry,
            cancellationToken,
            ("@before", before ?? long.MaxValue),
            ("@limit", limit)
        );

    public static async Task<DateTimeOffset?> LastChangeAsync(
        DbConnection connection,
        CancellationToken cancellationToken
    )
    {
        var moments = await connection.RowsAsync(
            RegistrySql.SelectLastChange,
            row => row.MomentOrNull(0),
            cancellationToken
        );
        return moments.Single();
    }

    private static AuditEntry Entry(DbDataReader row) =>
        new(
            row.GetInt64(0),
            row.Moment(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.TextOrNull(6),
            row.TextOrNull(7)
        );
}
