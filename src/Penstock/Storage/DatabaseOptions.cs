using System.ComponentModel.DataAnnotations;

namespace Penstock.Storage;

/// <summary>Settings of a shared database (section <c>Database</c>).</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "Database";
    public const string ConnectionKey = $"{Section}:{nameof(Connection)}";

    /// <summary>As Npgsql takes it; absent: the embedded one. <c>--database</c> sets it.</summary>
    public string? Connection { get; set; }

    /// <summary>Between two looks at the revision: with the reload a change holds everywhere within a second.</summary>
    [Range(50, 60_000)]
    public int PollMilliseconds { get; set; } = 500;

    /// <summary>What such a look may take: it reads one row.</summary>
    [Range(1, 60)]
    public int PollTimeoutSeconds { get; set; } = 2;

    /// <summary>Between two looks while the database is away: it is noticed soon, and not hammered while it starts.</summary>
    [Range(1, 3_600)]
    public int LongestPauseSeconds { get; set; } = 5;

    /// <summary>What a new connection may take: the network is one data centre, the rest is authentication.</summary>
    [Range(1, 300)]
    public int ConnectSeconds { get; set; } = 5;

    /// <summary>What one statement may take: a batch of the ledger takes a tenth of a second.</summary>
    [Range(1, 3_600)]
    public int CommandSeconds { get; set; } = 10;

    /// <summary>What one step of the schema may take, waiting for another gateway's included: it may rewrite the ledger.</summary>
    [Range(1, 86_400)]
    public int MigrationSeconds { get; set; } = 600;

    /// <summary>Of one gateway: a writer, a poller and a few questions. Ten gateways stay below PostgreSQL's hundred.</summary>
    [Range(2, 1_000)]
    public int Connections { get; set; } = 8;
}
