import { rpcInterface } from '../rpc/bind.ts';

/** The replication service of domain controllers ([MS-DRSR]). */
export const drsuapi = rpcInterface('e3514235-4b06-11d1-ab04-00c04fc2dcd2', 4);

export const operation = { bind: 0, getNcChanges: 3, domainControllerInfo: 16 } as const;

/** Win32 codes of replication. */
export const win32 = {
  success: 0,
  accessDenied: 5,
  noSuchObject: 8333,
  badDn: 8439,
  replicationDenied: 8453,
  sourceDisabled: 8456,
  destinationDisabled: 8457,
  epochDiffers: 8593,
  lifetimeExceeded: 8614,
} as const;

export const meanings: Readonly<Record<number, string>> = {
  8: 'it has no memory left',
  87: 'an argument is not valid',
  1355: 'it does not hold this domain',
  8418: 'the schema does not know an attribute asked for',
  8420: 'it does not hold this domain',
  8439: 'the name is not valid for the operation',
  8440: 'it does not hold this domain',
  8451: 'its database had an error',
  8456: 'replication from it is disabled',
  8457: 'replication to this partner is disabled',
  8593: 'its replication epoch differs',
  8614: 'the last replication is older than the lifetime of tombstones',
};
