using System.Runtime.CompilerServices;
using Penstock.Primitives.Frames;

namespace Penstock.Primitives;

/// <summary>Reading for those who have nothing else to do meanwhile.</summary>
internal static class ByteSources
{
    /// <summary>Reads the next bytes; <see cref="IByteSource.Payload"/> holds them.</summary>
    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    public static async ValueTask<ReadStep> ReadAsync(this IByteSource source)
    {
        while (true)
        {
            var step = source.TryRead();
            if (step != ReadStep.Pending)
            {
                return step;
            }

            await source.WaitAsync();
        }
    }
}
