<#
.SYNOPSIS
    Says whether a new installation is ready, and what its first cycle would do.
.DESCRIPTION
    Start the daemon with "staging: true" in its configuration: without it the daemon writes the tenant as soon as it
    starts, before this script can look. The script itself writes nothing: it checks the installation, plans a full
    cycle, and gives one object with what a person should look at: whether the configuration is in staging, checks that
    failed, how much would be created, adopted and deleted, which objects take no part and why, and which are held.
    When it is Ready and the plan is what you want, remove "staging" from the configuration and start the daemon again.
.EXAMPLE
    ./onboarding-check.ps1 -DataPath /var/lib/cloudsync
#>
[CmdletBinding()]
param([string] $DataPath)
$ErrorActionPreference = 'Stop'

if ($DataPath) { $null = Connect-CloudSync -DataPath $DataPath }

function Group-By([scriptblock] $Key) {
    # Counts what comes in by a key.
    begin { $counts = @{} }
    process { $counts["$(& $Key)"] += 1 }
    end { $counts }
}

# A preview that a guard would hold is an error as well; its operations come out all the same.
$operations = @(Start-CloudSyncCycle -Type Full -WhatIf -ErrorAction SilentlyContinue)
$checks = @(Test-CloudSync)
$destructive = @($operations | Where-Object Type -In 'delete', 'disable')

[pscustomobject]@{
    Ready       = -not @($checks | Where-Object Outcome -EQ 'Failed').Count -and -not $destructive.Count
    Staging     = (Get-CloudSyncConfiguration).Document.staging
    Failed      = @($checks | Where-Object Outcome -NE 'Passed')
    Planned     = $operations | Group-By { "$($_.Type) $($_.Kind)" }
    Destructive = $destructive
    Held        = @($operations | Where-Object State -EQ 'Held')
    Skipped     = Get-CloudSyncObject -Skipped | Group-By { "$($_.Kind): $($_.Reason.Code)" }
}
