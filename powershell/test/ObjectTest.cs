using System;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Test;

public sealed class ObjectTest(Daemon daemon) : DaemonTest(daemon)
{
    private const string Ada = "Ada Lovelace";

    [Theory]
    [InlineData("Get-CloudSyncObject $args[0]")]
    [InlineData("Get-CloudSyncObject $args[1]")]
    [InlineData("Get-CloudSyncObject $args[2]")]
    [InlineData("Get-CloudSyncObject $args[3]")]
    [InlineData("Get-CloudSyncObject -Identity $args[0]")]
    [InlineData("Get-CloudSyncObject -UserPrincipalName $args[0]")]
    [InlineData("Get-CloudSyncObject -DistinguishedName $args[1]")]
    [InlineData("Get-CloudSyncObject -Anchor $args[2]")]
    [InlineData("Get-CloudSyncObject -SourceAnchor $args[2]")]
    [InlineData("Get-CloudSyncObject -ObjectGuid $args[3]")]
    [InlineData("$args[0] | Get-CloudSyncObject")]
    [InlineData("$args[1] | Get-CloudSyncObject")]
    [InlineData("[pscustomobject]@{ Identity = $args[2] } | Get-CloudSyncObject")]
    [InlineData("[pscustomobject]@{ Anchor = $args[2] } | Get-CloudSyncObject")]
    [InlineData("[pscustomobject]@{ DistinguishedName = $args[1]; ObjectGUID = [guid]$args[3]; UserPrincipalName = $args[0] } | Get-CloudSyncObject")]
    [InlineData("Get-CloudSyncObject $args[0] | Get-CloudSyncObject")]
    [InlineData("$id = (Get-CloudSyncObject $args[0]).TenantId; Get-CloudSyncObject -TenantId $id")]
    [InlineData("(Get-CloudSyncObject $args[0]).TenantId | Get-CloudSyncObject")]
    public void IsFoundByEachOfItsNames(string script)
    {
        var found = Run(script, TestDirectory.Upn(Ada), TestDirectory.Dn(Ada), TestDirectory.AnchorOf(Ada), TestDirectory.GuidOf(Ada).ToString()).One<ObjectInfo>();
        Assert.Equal((Ada, "user", "synced"), (found.DisplayName, found.Kind, found.State));
        Assert.Equal(TestDirectory.AnchorOf(Ada), found.Anchor);
        Assert.Equal(TestDirectory.Dn(Ada), found.DistinguishedName);
    }

    [Fact]
    public void IsFoundByItsMailAddress()
    {
        Daemon.People.With("Post Box", ("mail", "post.box@contoso.test")).Write();
        Run("Start-CloudSyncCycle -Wait").Clean();
        string[] ways = ["Get-CloudSyncObject post.box@contoso.test", "Get-CloudSyncObject -Mail post.box@contoso.test", "(Get-CloudSyncExplanation post.box@contoso.test).Object"];
        Assert.All(ways, way => Assert.Equal("Post Box", Run(way).One<ObjectInfo>().DisplayName));
        Assert.Contains("mail address", Run("Get-CloudSyncObject nobody@contoso.test").Error().ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void TellsWhereEachValueComesFrom()
    {
        var found = Run("Get-CloudSyncObject $args[0]", TestDirectory.Upn(Ada)).One<ObjectInfo>();
        var department = found.Desired.Single(one => one.Attribute == "department");
        Assert.Equal(("Engines", "contoso/corp.contoso.test"), ((string?)department.Value, department.Connector));
        Assert.Equal("Engines", found.Tenant!["Department"]);
        var source = Assert.Single(found.Sources);
        Assert.True(source.InScope);
        Assert.Equal(TestDirectory.GuidOf(Ada).ToString(), source.ObjectGuid);
    }

    [Fact]
    public void TellsWhyAnObjectTakesNoPart()
    {
        var found = Run("Get-CloudSyncObject $args[0]", TestDirectory.Dn("MSOL_1234")).One<ObjectInfo>();
        Assert.Equal("outOfScope", found.State);
        Assert.Equal("serviceAccount", found.Reason!.Code);
        Assert.Null(found.Anchor);
        Assert.Equal(TestDirectory.Dn("MSOL_1234"), found.Identity);
        Assert.Contains(Run("Get-CloudSyncObject -Skipped").Many<ObjectInfo>(), one => one.DistinguishedName == found.DistinguishedName);
    }

    [Fact]
    public void ListsAllThereAreAndNarrowsThemDown()
    {
        var all = Run("Get-CloudSyncObject").Many<ObjectInfo>();
        Assert.Equal(all.Count, all.Select(one => one.Identity).Distinct().Count());
        Assert.Contains(all, one => one.DisplayName == Ada && one.State == "synced");
        Assert.Contains(all, one => one.DistinguishedName == TestDirectory.Dn("MSOL_1234") && one.State == "outOfScope");
        Assert.All(all.GroupBy(one => (one.Kind, one.State)), group => Assert.Equal(
            group.Select(one => one.Identity),
            Run("Get-CloudSyncObject -Kind $args[0] -State $args[1]", group.Key.Kind.ToUpperInvariant(), group.Key.State).Many<ObjectInfo>().Select(one => one.Identity)));
        Assert.Equal(Ada, Run("Get-CloudSyncObject -SearchString 'ada lo' -State Synced").One<ObjectInfo>().DisplayName);
        Assert.Equal(Ada, Run("Get-CloudSyncObject -SearchString $args[0]", TestDirectory.GuidOf(Ada).ToString()).One<ObjectInfo>().DisplayName);
        Assert.Equal(all.Count, Run("Get-CloudSyncObject -Forest contoso").Many<ObjectInfo>().Count);
        // What has left the directory is in no domain any more.
        Assert.Equal(all.Count(one => one.Sources.Count > 0), Run("Get-CloudSyncObject -Forest contoso -Domain corp.contoso.test").Many<ObjectInfo>().Count);
        Assert.Empty(Run("Get-CloudSyncObject -Domain other.test").Clean().Output);
    }

    [Theory]
    [InlineData("Get-CloudSyncDomain | Get-CloudSyncObject")]
    [InlineData("[pscustomobject]@{ Domain = 'corp.contoso.test' } | Get-CloudSyncObject")]
    [InlineData("[pscustomobject]@{ Forest = 'contoso' } | Get-CloudSyncObject -Kind user")]
    public void ListsThoseOfADomainThatIsPiped(string script) =>
        Assert.Contains(Run(script).Many<ObjectInfo>(), one => one.DisplayName == Ada);

    [Fact]
    public void ListsWhatTakesNoPartByReason()
    {
        var skipped = Run("Get-CloudSyncObject -Skipped").Many<ObjectInfo>();
        var alike = Run("Get-CloudSyncObject -Skipped -Kind user -Reason serviceAccount").Many<ObjectInfo>();
        Assert.NotEmpty(alike);
        Assert.Equal(skipped.Where(one => one.Kind == "user" && one.Reason!.Code == "serviceAccount").Select(one => one.Identity), alike.Select(one => one.Identity));
        Assert.Empty(Run("Get-CloudSyncObject -Skipped -Kind device").Clean().Output);
    }

    [Fact]
    public void GoesOnAfterOneThatIsNotThere()
    {
        var said = Run("'nobody@corp.contoso.test', $args[0] | Get-CloudSyncObject", TestDirectory.Upn(Ada));
        var error = Assert.Single(said.Errors);
        Assert.Equal("CS6018,CloudSync.Cmdlets.GetCloudSyncObject", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("nobody@corp.contoso.test", error.TargetObject);
        Assert.Single(said.Output);
    }

    [Theory]
    [InlineData("a&by=dn@corp.contoso.test")]
    [InlineData("x' or 1 eq 1")]
    [InlineData("CN=a+b\\,c,DC=corp,DC=contoso,DC=test")]
    [InlineData("ü@corp.contoso.test")]
    public void AsksForOddNamesAsTheyAre(string name) => Assert.Equal(name, Run("Get-CloudSyncObject $args[0]", name).Error().TargetObject);

    [Fact]
    public void ShowsOneAsAList()
    {
        var shown = Run("Get-CloudSyncObject $args[0] | Out-Default", TestDirectory.Upn("jurgen")).Shown;
        Assert.Matches("(?m)^DisplayName +: Jürgen Müller", shown);
        Assert.Matches("(?m)^State +: synced", shown);
    }
}
