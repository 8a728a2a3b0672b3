using Npgsql;
using NpgsqlTypes;
using Penstock.Metering;

namespace Penstock.Storage.Postgres;

/// <summary>A batch of rows as one array a column, which is how one statement takes thousands of them.</summary>
internal static class UsageArrays
{
    public static void Bind(NpgsqlCommand append, ReadOnlyMemory<UsageRecord> rows)
    {
        Add(append, "request_id", NpgsqlDbType.Uuid, rows.Span, static row => row.RequestId);
        Add(append, "ended_at", NpgsqlDbType.Bigint, rows.Span, static row => row.EndedAt);
        Add(append, "workspace_id", NpgsqlDbType.Uuid, rows.Span, static row => row.WorkspaceId);
        Add(append, "key_id", NpgsqlDbType.Uuid, rows.Span, static row => row.KeyId);
        Add(append, "model", NpgsqlDbType.Text, rows.Span, static row => row.Model);
        Add(append, "deployment_id", NpgsqlDbType.Uuid, rows.Span, static row => row.DeploymentId);
        Add(append, "replica", NpgsqlDbType.Text, rows.Span, static row => row.Replica);
        Add(append, "backend", NpgsqlDbType.Text, rows.Span, static row => row.Backend);
        Add(append, "ending", NpgsqlDbType.Text, rows.Span, static row => row.Ending);
        Add(append, "failed", NpgsqlDbType.Boolean, rows.Span, static row => row.Failed);
        Add(append, "status", NpgsqlDbType.Integer, rows.Span, static row => row.Status);
        Add(append, "attempts", NpgsqlDbType.Integer, rows.Span, static row => row.Attempts);
        Add(append, "prompt_tokens", NpgsqlDbType.Bigint, rows.Span, static row => row.Tokens?.Prompt);
        Add(append, "completion_tokens", NpgsqlDbType.Bigint, rows.Span, static row => row.Tokens?.Completion);
        Add(append, "cached_tokens", NpgsqlDbType.Bigint, rows.Span, static row => row.Tokens?.Cached);
        Add(append, "reasoning_tokens", NpgsqlDbType.Bigint, rows.Span, static row => row.Tokens?.Reasoning);
        Add(append, "estimated", NpgsqlDbType.Boolean, rows.Span, static row => row.Estimated);
        Add(append, "queued", NpgsqlDbType.Bigint, rows.Span, static row => row.Queued);
        Add(append, "first_byte", NpgsqlDbType.Bigint, rows.Span, static row => row.FirstByte);
        Add(append, "duration", NpgsqlDbType.Bigint, rows.Span, static row => row.Duration);
        Add(append, "prompt_price", NpgsqlDbType.Bigint, rows.Span, static row => row.Price?.Prompt);
        Add(append, "cached_price", NpgsqlDbType.Bigint, rows.Span, static row => row.Price?.Cached);
        Add(append, "completion_price", NpgsqlDbType.Bigint, rows.Span, static row => row.Price?.Completion);
        Add(append, "cost", NpgsqlDbType.Bigint, rows.Span, static row => row.Cost);
    }

    private static void Add<T>(
        NpgsqlCommand append,
        string name,
        NpgsqlDbType type,
        ReadOnlySpan<UsageRecord> rows,
        Func<UsageRecord, T> read
    )
    {
        var column = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            column[i] = read(rows[i]);
        }

        append.Parameters.Add(
            new NpgsqlParameter
            {
                ParameterName = name,
                NpgsqlDbType = NpgsqlDbType.Array | type,
                Value = column,
            }
        );
    }
}
