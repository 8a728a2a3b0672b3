using System.Buffers.Binary;
using Penstock.Engines;
using Penstock.Primitives;

namespace Penstock.Metering;

/// <summary>
/// One record in a spool file: length and CRC-32 of the payload, four bytes each, then the payload, which begins with
/// the version of its form. What is written here is read by every later version.
/// </summary>
internal static class UsageFrame
{
    public const int LongestText = 512;

    /// <summary>Numbers and ids are some 200 bytes, four texts at most 2,056.</summary>
    public const int Largest = 4_096;

    private const int Head = 2 * sizeof(uint);
    private const byte Version = 1;

    /// <param name="frame">At least <see cref="Largest"/> bytes.</param>
    /// <returns>How many bytes the frame has.</returns>
    public static int Write(Span<byte> frame, in UsageRecord record)
    {
        var writer = new FrameWriter(frame[Head..]);
        writer.Byte(Version);
        writer.Id(record.RequestId);
        writer.Number(record.EndedAt);
        writer.Id(record.WorkspaceId);
        writer.Id(record.KeyId);
        writer.Text(record.Model);
        writer.Id(record.DeploymentId);
        writer.Text(record.Replica);
        writer.Text(record.Backend);
        writer.Text(record.Ending);
        writer.Flag(record.Failed);
        writer.Number(record.Status);
        writer.Number(record.Attempts);
        Write(ref writer, record.Tokens);
        writer.Flag(record.Estimated);
        writer.Number(record.Queued);
        writer.Number(record.FirstByte);
        writer.Number(record.Duration);
        Write(ref writer, record.Price);
        BinaryPrimitives.WriteInt32LittleEndian(frame, writer.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(uint)..], Crc32.Of(frame.Slice(Head, writer.Length)));
        return Head + writer.Length;
    }

    public static FrameStep Read(ReadOnlySpan<byte> bytes, out UsageRecord record, out int length)
    {
        (record, length) = (default, 0);
        if (bytes.Length < Head)
        {
            return FrameStep.Torn;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (size is < 1 or > Largest - Head)
        {
            return FrameStep.Damaged;
        }

        if (bytes.Length < Head + size)
        {
            return FrameStep.Torn;
        }

        var payload = bytes.Slice(Head, size);
        if (
            Crc32.Of(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..])
            || payload[0] != Version
        )
        {
            return FrameStep.Damaged;
        }

        record = Read(new FrameReader(payload[1..]));
        length = Head + size;
        return FrameStep.Whole;
    }

    // Members are read in the order in which they are written.
    private static UsageRecord Read(FrameReader reader) =>
        new()
        {
            RequestId = reader.Id(),
            EndedAt = reader.Number(),
            WorkspaceId = reader.Id(),
            KeyId = reader.Id(),
            Model = reader.Text(),
            DeploymentId = reader.IdOrNull(),
            Replica = reader.Text(),
            Backend = reader.Text(),
            Ending = reader.Text() ?? "",
            Failed = reader.Flag(),
            Status = (int)reader.Number(),
            Attempts = (int)reader.Number(),
            Tokens = reader.Flag()
                ? new TokenUsage(reader.Number(), reader.Number(), reader.NumberOrNull(), reader.NumberOrNull())
                : null,
            Estimated = reader.Flag(),
            Queued = reader.NumberOrNull(),
            FirstByte = reader.NumberOrNull(),
            Duration = reader.Number(),
            Price = reader.Flag() ? new TokenPrice(reader.Number(), reader.NumberOrNull(), reader.Number()) : null,
        };

    private static void Write(ref FrameWriter writer, TokenUsage? tokens)
    {
        writer.Flag(tokens.HasValue);
        if (tokens is { } usage)
        {
            writer.Number(usage.Prompt);
            writer.Number(usage.Completion);
            writer.Number(usage.Cached);
            writer.Number(usage.Reasoning);
        }
    }

    private static void Write(ref FrameWriter writer, TokenPrice? price)
    {
        writer.Flag(price is not null);
        if (price is not null)
        {
            writer.Number(price.Prompt);
            writer.Number(price.Cached);
            writer.Number(price.Completion);
        }
    }
}
