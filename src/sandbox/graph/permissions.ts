/** Application roles of Microsoft Graph that open an end point, the least first. */
export const permissions = {
  userRead: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  userCreate: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  /** Narrow ones are looked at property by property. */
  userUpdate: [
    'User.EnableDisableAccount.All',
    'User-Phone.ReadWrite.All',
    'User-Mail.ReadWrite.All',
    'User-PasswordProfile.ReadWrite.All',
    'User.ReadWrite.All',
    'Directory.ReadWrite.All',
  ],
  userDelete: ['User.DeleteRestore.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  groupRead: [
    'GroupMember.Read.All',
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  groupCreate: ['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  groupUpdate: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  members: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  contactRead: ['OrgContact.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  deviceRead: ['Device.Read.All', 'Device.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  deviceWrite: ['Device.ReadWrite.All', 'Directory.ReadWrite.All'],
  directoryRead: [
    'Directory.Read.All',
    'Directory.ReadWrite.All',
    'User.Read.All',
    'User.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'GroupMember.Read.All',
    'GroupMember.ReadWrite.All',
    'Device.Read.All',
    'OrgContact.Read.All',
    'Application.Read.All',
    'Application.ReadWrite.All',
  ],
  organizationRead: [
    'Organization.Read.All',
    'Directory.Read.All',
    'Organization.ReadWrite.All',
    'Directory.ReadWrite.All',
  ],
  organizationWrite: ['Organization.ReadWrite.All'],
  domainRead: ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  domainWrite: ['Domain.ReadWrite.All'],
  applicationRead: [
    'Application.Read.All',
    'Application.ReadWrite.OwnedBy',
    'Application.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  applicationWrite: ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'],
  licenseRead: ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  roleRead: [
    'RoleManagement.Read.Directory',
    'Directory.Read.All',
    'RoleManagement.ReadWrite.Directory',
    'Directory.ReadWrite.All',
  ],
  roleWrite: ['RoleManagement.ReadWrite.Directory'],
  /** Directory.Read.All does not open it. */
  eligibilityRead: [
    'RoleEligibilitySchedule.Read.Directory',
    'RoleManagement.Read.Directory',
    'RoleManagement.Read.All',
    'RoleEligibilitySchedule.ReadWrite.Directory',
    'RoleManagement.ReadWrite.Directory',
  ],
  eligibilityWrite: ['RoleEligibilitySchedule.ReadWrite.Directory', 'RoleManagement.ReadWrite.Directory'],
  jobRead: ['Synchronization.Read.All', 'Synchronization.ReadWrite.All'],
  jobWrite: ['Synchronization.ReadWrite.All'],
  bulkUpload: ['SynchronizationData-User.Upload'],
  logRead: ['AuditLog.Read.All'],
  synchronizationRead: ['OnPremDirectorySynchronization.Read.All', 'OnPremDirectorySynchronization.ReadWrite.All'],
  synchronizationWrite: ['OnPremDirectorySynchronization.ReadWrite.All'],
  userSyncBehavior: ['User-OnPremisesSyncBehavior.ReadWrite.All'],
  groupSyncBehavior: ['Group-OnPremisesSyncBehavior.ReadWrite.All'],
  contactSyncBehavior: ['Contacts-OnPremisesSyncBehavior.ReadWrite.All'],
} as const satisfies Record<string, readonly string[]>;

/** Roles looked at inside an end point, beside those that open one. */
const further = ['RoleManagement.ReadWrite.Directory', 'Group-NestingSupport.ReadWrite.All'];

/** Every role there is: what the sandbox's own application is granted. */
export const allRoles: readonly string[] = [...new Set([...Object.values(permissions).flat(), ...further])].sort();
