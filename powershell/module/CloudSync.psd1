@{
    RootModule             = 'CloudSync.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = '5f6d3a86-6b7c-4b5e-9a0e-2b1f6f0c7d41'
    Author                 = 'CloudSync'
    Copyright              = 'MIT licence'
    Description            = 'Manages CloudSync, which keeps a Microsoft Entra ID tenant in step with Active Directory.'
    PowerShellVersion      = '5.1'
    CompatiblePSEditions   = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('CloudSync.Format.ps1xml')
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Approve-CloudSyncPlan'
        'Clear-CloudSyncQuarantine'
        'Compare-CloudSyncConfiguration'
        'Connect-CloudSync'
        'ConvertFrom-CloudSyncSourceAnchor'
        'ConvertTo-CloudSyncSourceAnchor'
        'Deny-CloudSyncPlan'
        'Disconnect-CloudSync'
        'Export-CloudSyncConfiguration'
        'Export-CloudSyncDiagnostic'
        'Get-CloudSyncConfiguration'
        'Get-CloudSyncCredential'
        'Get-CloudSyncCycle'
        'Get-CloudSyncDaemon'
        'Get-CloudSyncDomain'
        'Get-CloudSyncError'
        'Get-CloudSyncExplanation'
        'Get-CloudSyncForest'
        'Get-CloudSyncLog'
        'Get-CloudSyncObject'
        'Get-CloudSyncPlan'
        'Get-CloudSyncProvisioningLog'
        'Get-CloudSyncSchedule'
        'Get-CloudSyncStatus'
        'Import-CloudSyncConfiguration'
        'Install-CloudSyncDaemon'
        'Invoke-CloudSyncPlan'
        'Register-CloudSyncScheduledTask'
        'Remove-CloudSyncCredential'
        'Remove-CloudSyncPlan'
        'Restore-CloudSyncConfiguration'
        'Resume-CloudSync'
        'Save-CloudSyncPlan'
        'Set-CloudSyncConfiguration'
        'Set-CloudSyncCredential'
        'Set-CloudSyncSchedule'
        'Start-CloudSyncCycle'
        'Start-CloudSyncDaemon'
        'Stop-CloudSyncCycle'
        'Stop-CloudSyncDaemon'
        'Suspend-CloudSync'
        'Sync-CloudSyncObject'
        'Sync-CloudSyncPassword'
        'Test-CloudSync'
        'Test-CloudSyncConfiguration'
        'Test-CloudSyncExpression'
        'Test-CloudSyncProvisioningLog'
        'Undo-CloudSyncCycle'
        'Uninstall-CloudSyncDaemon'
        'Unregister-CloudSyncScheduledTask'
        'Wait-CloudSyncCycle'
    )
    PrivateData            = @{
        PSData = @{
            Tags = @('EntraID', 'ActiveDirectory', 'CloudSync', 'HybridIdentity', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux')
        }
    }
}
