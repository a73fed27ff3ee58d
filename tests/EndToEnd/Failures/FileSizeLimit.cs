using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EndToEnd.Failures;

/// <summary>Limits how large the files of a running process may get: writes beyond it fail as on a full disk. See prlimit(2).</summary>
internal static partial class FileSizeLimit
{
    private const int FileSize = 1;

    public static void Set(int process, long bytes) => Apply(process, (ulong)bytes);

    public static void Lift(int process) => Apply(process, ulong.MaxValue);

    private static void Apply(int process, ulong bytes)
    {
        // The hard limit stays where it is, so that the soft one can be raised again.
        var limit = new Limit { Soft = bytes, Hard = ulong.MaxValue };
        if (PrLimit(process, FileSize, in limit, IntPtr.Zero) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int PrLimit(int process, int resource, in Limit limit, IntPtr old);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
