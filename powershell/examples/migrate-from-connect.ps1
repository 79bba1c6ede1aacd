<#
.SYNOPSIS
    Compares what Entra Connect keeps in the tenant with what CloudSync would keep there, object by object.
.DESCRIPTION
    Start the daemon with "staging: true" in its configuration: without it the daemon writes the tenant as soon as it
    starts. Remove "staging" only when nothing differs any more and Entra Connect is in its own staging mode or switched
    off: two engines must not write the same tenant.

    Before Entra Connect is switched off, every object it keeps must be one that CloudSync has too, with the same
    source anchor; else it would be created twice, or left alone. Give the tenant's synchronized users, as the
    Microsoft Graph module has them, with UserPrincipalName and OnPremisesImmutableId.

    Gives one object for each that differs: Missing (CloudSync has no such object), OutOfScope (it has, and leaves it
    out, with the reason), OtherAnchor (its anchor is another), and finally NotInTenant (CloudSync would create it).
    Gives nothing where all is the same. Nothing is written to the tenant.
.EXAMPLE
    $users = Get-MgUser -All -Filter 'onPremisesSyncEnabled eq true' -Property UserPrincipalName, OnPremisesImmutableId
    $users | ./migrate-from-connect.ps1
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, ValueFromPipelineByPropertyName)] [string] $UserPrincipalName,
    [Parameter(ValueFromPipelineByPropertyName)] [string] $OnPremisesImmutableId,
    [string] $DataPath
)
begin {
    $ErrorActionPreference = 'Stop'
    if ($DataPath) { $null = Connect-CloudSync -DataPath $DataPath }
    $known = @{}

    function Tell([string] $Difference, [string] $Detail, $Object) {
        [pscustomobject]@{
            Difference            = $Difference
            UserPrincipalName     = if ($Object) { $Object.UserPrincipalName } else { $UserPrincipalName }
            OnPremisesImmutableId = $OnPremisesImmutableId
            Anchor                = if ($Object) { $Object.Anchor }
            Detail                = $Detail
        }
    }
}
process {
    $guid = if ($OnPremisesImmutableId) { (ConvertFrom-CloudSyncSourceAnchor $OnPremisesImmutableId).Guid }
    if ($guid) { $known[$OnPremisesImmutableId] = $true }

    $object = if ($guid) { Get-CloudSyncObject -SourceAnchor $OnPremisesImmutableId -ErrorAction SilentlyContinue }
    # No identity has this anchor; the directory may have the object all the same, and leave it out.
    if (-not $object -and $guid) { $object = Get-CloudSyncObject -ObjectGuid $guid -ErrorAction SilentlyContinue }
    if (-not $object) { $object = Get-CloudSyncObject -UserPrincipalName $UserPrincipalName -ErrorAction SilentlyContinue }

    if (-not $object) { Tell 'Missing' 'No directory that CloudSync reads holds it.' }
    elseif ($object.State -in 'outOfScope', 'unsupported') { Tell 'OutOfScope' $object.Reason.Text $object }
    elseif ($object.Anchor -cne $OnPremisesImmutableId) { Tell 'OtherAnchor' "CloudSync's anchor is $($object.Anchor)." $object }
}
end {
    $UserPrincipalName = $OnPremisesImmutableId = ''
    foreach ($operation in Start-CloudSyncCycle -Type Full -WhatIf -ErrorAction SilentlyContinue) {
        if ($operation.Type -ne 'create' -or $operation.Kind -ne 'user' -or $known.ContainsKey($operation.Anchor)) { continue }
        Tell 'NotInTenant' 'CloudSync would create it.' (Get-CloudSyncObject -SourceAnchor $operation.Anchor)
    }
}
