using System.Linq;

namespace CloudSync.Test;

public sealed class MappingTest(Daemon daemon) : DaemonTest(daemon)
{
    [Theory]
    [InlineData("Get-CloudSyncAttributeMapping city -ObjectType user")]
    [InlineData("Get-CloudSyncAttributeMapping -Attribute CITY -ObjectType USER -Forest contoso")]
    [InlineData("Get-CloudSyncAttributeMapping -SourceAttribute l -ObjectType user")]
    [InlineData("'city' | Get-CloudSyncAttributeMapping -ObjectType user")]
    [InlineData("Get-CloudSyncAttributeMapping city -ObjectType user | Get-CloudSyncAttributeMapping")]
    [InlineData("[pscustomobject]@{ Attribute = 'city'; ObjectType = 'user' } | Get-CloudSyncAttributeMapping")]
    [InlineData("Get-CloudSyncAttributeMapping c*y -ObjectType user | Where-Object Attribute -EQ city")]
    public void TellsWhereAnAttributeComesFrom(string script)
    {
        var mapping = Run(script).One<AttributeMapping>();
        Assert.Equal(("user", "city", "expression", "default"), (mapping.ObjectType, mapping.Attribute, mapping.Type, mapping.Origin));
        Assert.Equal(("Trim([l])", "always"), (mapping.Expression, mapping.Flow));
        Assert.Equal(["l"], mapping.SourceAttributes);
        Assert.Equal(["contoso/corp.contoso.test"], mapping.Precedence);
        Assert.Equal(["contoso"], mapping.Forests);
    }

    [Fact]
    public void GivesAllOfThemWithoutAName()
    {
        var all = Run("Get-CloudSyncAttributeMapping").Many<AttributeMapping>();
        Assert.Contains(all, one => one is { ObjectType: "group", Attribute: "member", Type: "reference" });
        Assert.Contains(all, one => one is { ObjectType: "user", Type: "direct" });
        Assert.Empty(Run("Get-CloudSyncAttributeMapping -Forest fabrikam").Clean().Output);
    }

    [Fact]
    public void SaysThatAnAttributeIsNotMapped() => Assert.StartsWith("NotConfigured,", Run("Get-CloudSyncAttributeMapping shoeSize").Error().FullyQualifiedErrorId);

    [Theory]
    [InlineData("Get-CloudSyncAttributeMapping cit", "city")]
    [InlineData("Get-CloudSyncAttributeMapping -SourceAttribute sAM", "sAMAccountName")]
    [InlineData("Get-CloudSyncAttributeMapping -Forest c", "contoso")]
    [InlineData("Get-CloudSyncAttributeMapping -ObjectType u", "user")]
    public void OffersWhatIsMapped(string line, string name) => Assert.Equal(name, Shell.Complete(line).First().CompletionText);
}
