<#
.SYNOPSIS
    Runs a full cycle, and sends a mail when it is held or fails.
.DESCRIPTION
    For a scheduled task or a cron job. Ends with 0 when the cycle succeeded, 3 when a guard holds it, and 1 else.
.EXAMPLE
    ./nightly-cycle.ps1 -SmtpServer mail.contoso.test -From sync@contoso.test -To admins@contoso.test
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $SmtpServer,
    [int] $Port = 25,
    [Parameter(Mandatory)] [string] $From,
    [Parameter(Mandatory)] [string[]] $To,
    [string] $DataPath,
    [ValidateSet('Delta', 'Full')] [string] $Type = 'Full'
)
$ErrorActionPreference = 'Stop'

if ($DataPath) { $null = Connect-CloudSync -DataPath $DataPath }

# A cycle that did not succeed is an error as well; here its state says enough.
$cycle = Start-CloudSyncCycle -Type $Type -Wait -ErrorAction SilentlyContinue -ErrorVariable problems
if (-not $cycle) { throw $problems[0] }

if ($cycle.State -eq 'Succeeded' -and -not $cycle.ConnectorErrors.Count) {
    $cycle
    exit 0
}

$held = @(Get-CloudSyncPlan -CycleId $cycle.Id -State Held)
$lines = @(
    "$cycle ended as $($cycle.State)."
    if ($cycle.Error) { $cycle.Error.Message; $cycle.Error.Remedy }
    foreach ($one in $cycle.ConnectorErrors) { "$one" }
    foreach ($one in $cycle.Holds) { "Held by $one" }
    ''
    foreach ($one in $held) { "$($one.Type) $($one.Kind) $($one.DisplayName)  $($one.DistinguishedName)" }
    ''
    if ($held.Count) { "To approve: Get-CloudSyncCycle -Id $($cycle.Id) | Approve-CloudSyncPlan" }
)

$client = [System.Net.Mail.SmtpClient]::new($SmtpServer, $Port)
$message = [System.Net.Mail.MailMessage]::new()
try {
    $message.From = $From
    foreach ($one in $To) { $message.To.Add($one) }
    $message.Subject = "CloudSync: cycle $($cycle.Id) $($cycle.State)"
    $message.Body = $lines -join "`r`n"
    $client.Send($message)
}
finally {
    $message.Dispose()
    $client.Dispose()
}

$cycle
exit $(if ($cycle.State -eq 'Held') { 3 } else { 1 })
