<#
.SYNOPSIS
    Looks at what the guards hold, approves what is expected, and denies the rest.
.DESCRIPTION
    Give the names of those whose leaving is known, as from the HR department. Operations on others come out for a
    person to look at. They are denied, not left held: with the expected ones gone they could be too few for a guard to
    hold. Denied objects stay as the tenant has them until Clear-CloudSyncQuarantine -Identity releases them.

    What is decided on is named by its digest, so nothing is approved that this script has not seen.
.EXAMPLE
    ./approve-hold.ps1 -Leaver (Get-Content ./leavers.txt) -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string[]] $Leaver,
    [string] $DataPath
)
$ErrorActionPreference = 'Stop'

if ($DataPath) { $null = Connect-CloudSync -DataPath $DataPath }

$cycle = @(Get-CloudSyncCycle -First 50 | Where-Object { -not $_.Preview -and $_.State -ne 'Running' })[0]
if (-not $cycle -or -not $cycle.HeldDigest) {
    Write-Verbose 'Nothing is held.'
    return
}

$held = @(Get-CloudSyncPlan -CycleId $cycle.Id -State Held)
$expected = @($held | Where-Object { $_.Type -in 'delete', 'disable' -and $_.DisplayName -in $Leaver })
$others = @($held | Where-Object { $_ -notin $expected })

if ($PSCmdlet.ShouldProcess("$($expected.Count) of $($held.Count) held operations of cycle $($cycle.Id)", 'Approve, and deny the others')) {
    if ($others.Count) { $null = $others | Deny-CloudSyncPlan -Confirm:$false }
    if ($expected.Count) { $null = $expected | Approve-CloudSyncPlan -Confirm:$false }
    $null = Start-CloudSyncCycle -Wait -ErrorAction SilentlyContinue
}

# What nobody has announced is for a person to look at.
$others
