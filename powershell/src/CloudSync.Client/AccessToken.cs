using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Security;

namespace CloudSync;

/// <summary>The token of the daemon's API, from the file only its owner reads or from the one who connects.</summary>
internal sealed class AccessToken
{
    private readonly string? _file;
    private readonly SecureString? _secret;

    private AccessToken(string? file, SecureString? secret)
    {
        _file = file;
        _secret = secret;
    }

    public static AccessToken FromFile(string path) => new(path, null);

    public static AccessToken FromSecret(SecureString secret) => new(null, secret.Copy());

    /// <summary>Read anew for each request: a daemon that was started again has written another one.</summary>
    public string Read() => _file is null ? Reveal(_secret!) : ReadFile(_file);

    private static string ReadFile(string path)
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            if (token.Length is > 0 and <= 4096 && token.IndexOfAny(['\r', '\n', ' ', '\t']) < 0) return token;
            throw new CloudSyncException(ModuleErrors.TokenUnreadable(path, "It holds no token."));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CloudSyncException(ModuleErrors.TokenUnreadable(path, cause.Message), 0, cause);
        }
    }

    private static string Reveal(SecureString secret)
    {
        var memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(memory) ?? "";
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }
}
