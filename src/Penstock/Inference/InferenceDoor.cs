using System.Runtime.CompilerServices;
using Penstock.Primitives.Frames;

namespace Penstock.Inference;

/// <summary>
/// What every call to the API goes through, whatever it asks for: an id at the start, one error shape, one closing
/// line at the end.
/// </summary>
internal sealed class InferenceDoor(InferenceRecorder recorder)
{
    /// <param name="steps">Answers the caller and returns null, or says how the request is refused.</param>
    [AsyncMethodBuilder(typeof(VoidFrameMethodBuilder))]
    public async ValueTask RunAsync(
        HttpContext context,
        Func<HttpContext, InferenceRecord, ValueTask<InferenceRefusal?>> steps
    )
    {
        var record = recorder.Begin(context);
        try
        {
            if (await steps(context, record) is { } refusal)
            {
                await InferenceRecorder.RefuseAsync(context, record, refusal);
            }
        }
        catch (Exception e)
        {
            await recorder.FailAsync(context, record, e);
        }
        finally
        {
            recorder.End(context, record);
            record.Request?.Dispose();
        }
    }
}
