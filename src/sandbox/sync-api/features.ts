import { type FeatureName, featureBits } from '../../wire/index.ts';
import type { Directory } from '../directory/index.ts';

/** As Graph's `onPremisesSynchronization` calls them: the same switches, shown by both services. */
const graphNames: Readonly<Partial<Record<FeatureName, string>>> = {
  passwordHashSync: 'passwordSyncEnabled',
  passwordWriteback: 'passwordWritebackEnabled',
  directoryExtensions: 'directoryExtensionsEnabled',
  duplicateUpnResiliency: 'quarantineUponUpnConflictEnabled',
  softMatchOnUpn: 'softMatchOnUpnEnabled',
  duplicateProxyAddressResiliency: 'quarantineUponProxyAddressesConflictEnabled',
  cloudPasswordPolicyForPasswordSyncedUsers: 'cloudPasswordPolicyForPasswordSyncedUsersEnabled',
  unifiedGroupWriteback: 'unifiedGroupWritebackEnabled',
  userWriteback: 'userWritebackEnabled',
  deviceWriteback: 'deviceWritebackEnabled',
  synchronizeUpnForManagedUsers: 'synchronizeUpnForManagedUsersEnabled',
  userForcePasswordChangeOnLogon: 'userForcePasswordChangeOnLogonEnabled',
  blockSoftMatch: 'blockSoftMatchEnabled',
  blockCloudObjectTakeoverThroughHardMatch: 'blockCloudObjectTakeoverThroughHardMatchEnabled',
};

const synchronizationFact = 'onPremisesSynchronization';
/** Bits that Graph has no name for. */
const restFact = 'syncApi.otherFeatures';
/** A fresh tenant has these on, and a bit that nobody has explained. */
const freshNames: readonly FeatureName[] = [
  'duplicateUpnResiliency',
  'softMatchOnUpn',
  'duplicateProxyAddressResiliency',
  'synchronizeUpnForManagedUsers',
];
const freshRest = 32_768;

interface Stored {
  readonly features?: Readonly<Record<string, boolean>>;
  readonly prevention?: string;
  readonly threshold?: number;
}

/** What Graph's half of the tenant has written of it; parsed here alone. */
function stored({ facts }: Directory): Stored {
  return JSON.parse(facts.get(synchronizationFact) ?? '{}') as Stored;
}

export function readFeatures(directory: Directory): number {
  const { features } = stored(directory);
  let bits = Number(directory.facts.get(restFact) ?? freshRest);
  for (const [name, bit] of entriesOf(featureBits)) {
    const graphName = graphNames[name];
    if (graphName !== undefined && (features?.[graphName] ?? freshNames.includes(name))) bits |= bit;
  }
  return bits;
}

export function writeFeatures(directory: Directory, bits: number): void {
  const known = stored(directory);
  const features: Record<string, boolean> = { ...known.features };
  let rest = bits;
  for (const [name, bit] of entriesOf(featureBits)) {
    const graphName = graphNames[name];
    if (graphName === undefined) continue;
    features[graphName] = (bits & bit) !== 0;
    rest &= ~bit;
  }
  directory.facts.set(restFact, String(rest));
  directory.facts.set(synchronizationFact, JSON.stringify({ ...known, features }));
}

export function hasFeature(directory: Directory, name: FeatureName): boolean {
  return (readFeatures(directory) & featureBits[name]) !== 0;
}

function entriesOf(bits: typeof featureBits): readonly (readonly [FeatureName, number])[] {
  return Object.entries(bits).flatMap(([name, bit]) => (isFeature(name) ? [[name, bit] as const] : []));
}

const isFeature = (name: string): name is FeatureName => Object.hasOwn(featureBits, name);

/** The accidental-delete threshold, in the words of this service. */
export function deletionPrevention(directory: Directory): {
  readonly kind: 'Disabled' | 'EnabledForCount' | 'EnabledForPercentage';
  readonly count: number;
  readonly percentage: number;
} {
  const { prevention = 'enabledForCount', threshold = 500 } = stored(directory);
  switch (prevention) {
    case 'disabled':
      return { kind: 'Disabled', count: 0, percentage: 0 };
    case 'enabledForPercentage':
      return { kind: 'EnabledForPercentage', count: 0, percentage: threshold };
    default:
      return { kind: 'EnabledForCount', count: threshold, percentage: 0 };
  }
}

const syncSwitch = 'organization.onPremisesSyncEnabled';
const lastSync = 'organization.onPremisesLastSyncDateTime';

export function activate({ facts }: Directory): void {
  facts.once(syncSwitch, () => 'true');
}

export function isActivated({ facts }: Directory): boolean {
  return facts.get(syncSwitch) === 'true';
}

export function noteSync({ facts }: Directory, at: string): void {
  facts.set(lastSync, at);
}
