using Penstock.Keys;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>Is this model this key's to call?</summary>
internal static class ModelRefusals
{
    /// <summary>Another workspace's model is no different from one that does not exist.</summary>
    public static InferenceRefusal? Judge(KeyGrant grant, ReadOnlySpan<char> model, IReadOnlyList<ModelRoute> routes)
    {
        if (routes.Count == 0)
        {
            return new(
                InferenceEnding.ModelNotFound,
                $"The model '{model}' does not exist in this workspace. GET /v1/models lists those that do.",
                "model"
            );
        }

        return grant.MayCall(routes[0].Deployment.Model)
            ? null
            : new(
                InferenceEnding.ModelNotAllowed,
                $"This key may not call the model '{model}'. Use another key, or have the model added to this one.",
                "model"
            );
    }
}
