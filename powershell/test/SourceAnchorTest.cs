using System;
using System.Linq;

namespace CloudSync.Test;

public sealed class SourceAnchorTest : IDisposable
{
    private const string Guid = "28eb3e09-2cfc-458a-ad2c-aa275bdc791a";
    private const string Anchor = "CT7rKPwsikWtLKonW9x5Gg==";

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void MakesTheAnchorOfAGuid() => Assert.Equal(Anchor, _shell.Run($"ConvertTo-CloudSyncSourceAnchor {Guid}").One<SourceAnchor>().Anchor);

    [Fact]
    public void TakesGuidsFromThePipeline() =>
        Assert.Equal([Anchor, Anchor], _shell.Run($"[guid]'{Guid}', '{Guid}' | ConvertTo-CloudSyncSourceAnchor").Many<SourceAnchor>().Select(one => one.Anchor));

    [Fact]
    public void TakesTheBytesOfAGuid() => Assert.Equal(
        Anchor, _shell.Run("ConvertTo-CloudSyncSourceAnchor -ObjectGuid $args[0]", System.Guid.Parse(Guid).ToByteArray()).One<SourceAnchor>().Anchor);

    [Fact]
    public void TakesTheConsistencyGuidOfADirectorysObjectBeforeItsObjectGuid()
    {
        const string Piped = "[pscustomobject]@{ ObjectGuid = [guid]::NewGuid(); 'mS-DS-ConsistencyGuid' = ([guid]$args[0]).ToByteArray() } | ConvertTo-CloudSyncSourceAnchor";
        Assert.Equal(Anchor, _shell.Run(Piped, Guid).One<SourceAnchor>().Anchor);
    }

    [Fact]
    public void TakesTheObjectGuidWhereADirectorysObjectHasNoOther() => Assert.Equal(
        Anchor,
        _shell.Run("[pscustomobject]@{ ObjectGuid = [guid]$args[0]; 'mS-DS-ConsistencyGuid' = $null } | ConvertTo-CloudSyncSourceAnchor", Guid).One<SourceAnchor>().Anchor);

    [Fact]
    public void RefusesAConsistencyGuidOfTheWrongLengthAndGoesOn()
    {
        var said = _shell.Run("$a = [pscustomobject]@{ ObjectGuid = [guid]$args[0]; ConsistencyGuid = [byte[]](1, 2) }; $a, ([guid]$args[0]) | ConvertTo-CloudSyncSourceAnchor", Guid);
        Assert.StartsWith("NotASourceAnchor,", Assert.Single(said.Errors).FullyQualifiedErrorId);
        Assert.Single(said.Output);
    }

    [Theory]
    [InlineData(Anchor)]
    [InlineData(Guid)]
    [InlineData("{28EB3E09-2CFC-458A-AD2C-AA275BDC791A}")]
    [InlineData("CN={435437724B507773696B5774" + "4C4B6F6E5739783547673D3D}")]
    public void ReadsEveryFormOfAnAnchor(string text) =>
        Assert.Equal(System.Guid.Parse(Guid), _shell.Run("ConvertFrom-CloudSyncSourceAnchor $args[0]", text).One<SourceAnchor>().Guid);

    [Fact]
    public void ReadsTheAnchorOfTheTenantsUsersByPropertyName() => Assert.Equal(
        System.Guid.Parse(Guid),
        _shell.Run("[pscustomobject]@{ OnPremisesImmutableId = $args[0] } | ConvertFrom-CloudSyncSourceAnchor", Anchor).One<SourceAnchor>().Guid);

    [Theory]
    [InlineData("ada@corp.contoso.test")]
    [InlineData("CT7rKPwsikWtLKonW9x5")]
    [InlineData("CN={zz}")]
    [InlineData("CN=Ada,DC=contoso")]
    public void SaysWhatIsNoAnchor(string text)
    {
        var error = _shell.Run("ConvertFrom-CloudSyncSourceAnchor $args[0]", text).Error();
        Assert.Equal("NotASourceAnchor,CloudSync.Cmdlets.ConvertFromCloudSyncSourceAnchor", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal(text, error.TargetObject);
    }

    [Fact]
    public void ComesBackAsItWentForAnyGuid()
    {
        for (var i = 0; i < 1000; i++)
        {
            var anchor = new SourceAnchor(System.Guid.NewGuid());
            Assert.All(
                [anchor.Anchor, anchor.DistinguishedName, anchor.Guid.ToString("B"), anchor.Guid.ToString("N")],
                text => Assert.Equal(anchor.Guid, SourceAnchor.TryParse(text)?.Guid));
        }
    }

    [Fact]
    public void SpellsTheNameOfTheConnectorSpaceAsEntraConnectDoes() =>
        Assert.Equal("CN={514635484D4B376E38307176645973555049486139513D3D}", SourceAnchor.TryParse("QF5HMK7n80qvdYsUPIHa9Q==")!.DistinguishedName);
}
