using System.Runtime.InteropServices;

namespace Penstock.Simulator.Http;

/// <summary>One header line as it came over the wire: its name keeps its letters' case.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HttpHeader(string Name, string Value);
