using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net;

namespace CloudSync.Test;

public sealed class CredentialTest(Daemon daemon) : DaemonTest(daemon)
{
    private const string Secret = "correct horse battery staple 7!";

    [Theory]
    [InlineData("Set-CloudSyncCredential corp -Credential $args[0]")]
    [InlineData("Set-CloudSyncCredential corp $args[0]")]
    [InlineData("$args[0] | Set-CloudSyncCredential -Name corp")]
    [InlineData("Set-CloudSyncCredential corp -Secret $args[0].Password")]
    public void IsKeptListedAndLetGoOfWithoutBeingShown(string script)
    {
        var credential = new PSCredential("svc@corp.contoso.test", new NetworkCredential("", Secret).SecurePassword);
        Assert.Empty(Run($"{script} -WhatIf", credential).Clean().Output);
        Assert.Empty(Run("Get-CloudSyncCredential").Clean().Output);

        // It would replace one that is kept by this name: it asks, and is told no.
        Assert.Contains("corp", Run(script, credential).Clean().Shown);
        Assert.Empty(Run("Get-CloudSyncCredential").Clean().Output);

        Assert.Equal("corp", Run($"{script} -Confirm:$false", credential).One<StoredSecret>().Name);
        string[] ways = ["Get-CloudSyncCredential co*", "'CORP' | Get-CloudSyncCredential", "Get-CloudSyncCredential | Get-CloudSyncCredential"];
        Assert.All(ways, way => Assert.Equal("corp", Run(way).One<StoredSecret>().Name));
        Assert.Equal("corp", Shell.Complete("Remove-CloudSyncCredential ")[0].CompletionText);
        Assert.DoesNotContain(Secret, Run("Get-CloudSyncCredential | Out-Default; Get-CloudSyncLog -Level Debug | Out-Default").Shown);
        Assert.All(
            Directory.GetFiles(Daemon.DataPath, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock.db", System.StringComparison.Ordinal)),
            file => Assert.DoesNotContain(Secret, File.ReadAllText(file)));

        Assert.Empty(Run("Get-CloudSyncCredential | Remove-CloudSyncCredential -WhatIf").Clean().Output);
        Assert.Single(Run("Get-CloudSyncCredential").Output);
        Run("Get-CloudSyncCredential | Remove-CloudSyncCredential -Confirm:$false").Clean();
        Assert.Empty(Run("Get-CloudSyncCredential").Clean().Output);
    }

    [Fact]
    public void TakesNoPlainText() => Assert.NotNull(Run("Set-CloudSyncCredential corp -Secret 'plain'").Error());

    [Theory]
    [InlineData("Remove-CloudSyncCredential nothing -Confirm:$false")]
    [InlineData("Get-CloudSyncCredential nothing")]
    [InlineData("Get-CloudSyncStatus | Get-CloudSyncCredential")]
    public void SaysThatThereIsNoSuchSecret(string script)
    {
        var error = Run(script).Error();
        Assert.StartsWith("CS7119,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }
}
