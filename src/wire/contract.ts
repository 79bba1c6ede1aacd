/** The names of the directory synchronization service, as the clients and the service spell them. */
export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://www.w3.org/2005/08/addressing',
  anonymous: 'http://www.w3.org/2005/08/addressing/anonymous',
  instance: 'http://www.w3.org/2001/XMLSchema-instance',
  schema: 'http://www.w3.org/2001/XMLSchema',
  arrays: 'http://schemas.microsoft.com/2003/10/Serialization/Arrays',
  service: 'http://schemas.microsoft.com/online/aws/change/2010/01',
  objects: 'http://schemas.microsoft.com/online/aws/change/2014/06',
  coexistence: 'http://schemas.datacontract.org/2004/07/Microsoft.Online.Coexistence.Schema',
  token: 'urn:microsoft.online.administrativeservice',
} as const;

export const contentType = 'application/soap+msbin1';
export const servicePath = '/provisioningservice.svc';

export function actionOf(operation: string): string {
  return `${namespaces.service}/IProvisioningWebService/${operation}`;
}

export const syncObjectTypes = {
  user: 'User',
  group: 'Group',
  contact: 'Contact',
  device: 'Device',
  publicFolder: 'PublicFolder',
} as const;

/** Bits of the tenant's `DirSyncFeatures`; bits that are not listed have meanings nobody has published, and are kept. */
export const featureBits = {
  passwordHashSync: 1,
  passwordWriteback: 2,
  directoryExtensions: 4,
  duplicateUpnResiliency: 8,
  softMatchOnUpn: 16,
  duplicateProxyAddressResiliency: 32,
  cloudPasswordPolicyForPasswordSyncedUsers: 512,
  unifiedGroupWriteback: 1024,
  userWriteback: 2048,
  deviceWriteback: 4096,
  synchronizeUpnForManagedUsers: 8192,
  userForcePasswordChangeOnLogon: 16384,
  passThroughAuthentication: 131072,
  blockSoftMatch: 524288,
  blockCloudObjectTakeoverThroughHardMatch: 1048576,
} as const;

export type FeatureName = keyof typeof featureBits;

/** Codes of the service's faults that have a meaning of their own. */
export const faultCodes = { internalError: 78, busy: 81, passwordSyncInactive: 90, operationInvalid: 114 } as const;
/** `Result` of one credential: taken, and anchor not known. */
export const credentialResults = { done: 0, anchorUnknown: 2 } as const;
