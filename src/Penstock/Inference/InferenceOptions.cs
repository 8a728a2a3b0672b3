using System.ComponentModel.DataAnnotations;

namespace Penstock.Inference;

/// <summary>Settings of the corridor (section <c>Inference</c>).</summary>
internal sealed class InferenceOptions
{
    /// <summary>Largest request body, bytes: 32 MiB holds a long prompt with several images as data URLs.</summary>
    [Range(1024, 1 << 30)]
    public int RequestBodyBytes { get; set; } = 32 << 20;

    /// <summary>
    /// Slowest body that is waited for, bytes a second after <see cref="BodyGraceSeconds"/>: 240 is Kestrel's own
    /// default, a tenth of the slowest modem.
    /// </summary>
    [Range(1, 1 << 30)]
    public double SlowestBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Seconds before a body's pace is judged: Kestrel's own default.</summary>
    [Range(1, 3600)]
    public double BodyGraceSeconds { get; set; } = 5;

    /// <summary>Seconds that running answers get after SIGTERM: Kubernetes' default grace period.</summary>
    [Range(0, 3600)]
    public double ShutdownGraceSeconds { get; set; } = 30;
}
