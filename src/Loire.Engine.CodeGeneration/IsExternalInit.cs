namespace System.Runtime.CompilerServices;

/// <summary>Lets records be compiled for a framework that does not have it.</summary>
internal static class IsExternalInit;
