// Signals, /proc and file modes: the suite is for Linux, like the servers it stands for.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
