/** The application that clients of this service say they are. */
export const applicationId = '1651564e-7ce4-4d99-88be-0a65050d8dc3';
/** The permission an application needs here. */
export const writeRole = 'ADSynchronization.ReadWrite.All';
