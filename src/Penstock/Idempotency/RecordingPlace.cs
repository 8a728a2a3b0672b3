using System.Runtime.InteropServices;

namespace Penstock.Idempotency;

/// <summary>How far somebody has come in a recording.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct RecordingPlace(int Piece, int Offset);
