import {
  booleanOf,
  child,
  childText,
  element,
  type FeatureName,
  featureBits,
  integerOf,
  isNil,
  UnexpectedContentError,
  type XmlElement,
} from '../../wire/index.ts';
import type { DeleteThreshold, TenantFeatures } from '../target.ts';
import { FeaturesUntoldError, FeatureUnknownError } from './errors.ts';
import { readResult, type SyncService } from './service.ts';

/** What the tenant says of its synchronization; a fresh one leaves most of it out. */
export interface CompanyConfiguration {
  readonly tenantId: string;
  readonly displayName: string;
  readonly isDirSyncing: boolean;
  /** Not told by a tenant that leaves it out: it is not taken for none at all. */
  readonly features: number | undefined;
  /** Reference changes that one request may hold. */
  readonly linksPerRequest: number;
  readonly deletes: DeleteThreshold;
}

const defaultLinks = 15_000;

export async function readConfiguration(service: SyncService, signal: AbortSignal): Promise<CompanyConfiguration> {
  const operation = 'GetCompanyConfiguration';
  const content = [element('includeLicenseInformation', [], [false])];
  const { element: result } = await service.call({ operation, content }, signal);
  return readResult(operation, () => toConfiguration(operation, result));
}

function toConfiguration(operation: string, result: XmlElement | undefined): CompanyConfiguration {
  if (result === undefined) throw new UnexpectedContentError(`${operation}Response`, 'there is no result in it');
  const own = child(result, 'DirSyncConfiguration');
  const prevention = child(own, 'PreventAccidentalDeletion');
  const kind = childText(prevention, 'DeletionPrevention') ?? 'Disabled';
  const threshold = (name: string, asked: boolean): number | undefined => {
    const value = integer(prevention, name);
    return asked && value !== undefined && value > 0 ? value : undefined;
  };
  return {
    tenantId: childText(result, 'TenantId') ?? '',
    displayName: childText(result, 'DisplayName') ?? '',
    isDirSyncing: boolean(result, 'IsDirSyncing') ?? true,
    features: integer(result, 'DirSyncFeatures'),
    linksPerRequest: integer(result, 'MaxLinksSupportedAcrossBatchInProvision2') ?? defaultLinks,
    deletes: {
      count: threshold('ThresholdCount', /count/i.test(kind)),
      percent: threshold('ThresholdPercentage', /percent/i.test(kind)),
      of: integer(child(own, 'CurrentExport'), 'TotalConnectorSpaceObjects'),
    },
  };
}

function present(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = child(parent, name);
  return found === undefined || isNil(found) || found.content.length === 0 ? undefined : found;
}

function integer(parent: XmlElement | undefined, name: string): number | undefined {
  const found = present(parent, name);
  return found === undefined ? undefined : integerOf(found);
}

function boolean(parent: XmlElement | undefined, name: string): boolean | undefined {
  const found = present(parent, name);
  return found === undefined ? undefined : booleanOf(found);
}

const isFeature = (name: string): name is FeatureName => Object.hasOwn(featureBits, name);

function bitOf(name: string): number {
  if (!isFeature(name)) throw new FeatureUnknownError(name, Object.keys(featureBits));
  return featureBits[name];
}

function namesOf(bits: number): ReadonlySet<string> {
  return new Set(Object.entries(featureBits).flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name])));
}

async function readFeatures(service: SyncService, signal: AbortSignal): Promise<number> {
  const { features, tenantId } = await readConfiguration(service, signal);
  if (features === undefined) throw new FeaturesUntoldError(tenantId);
  return features;
}

/** The tenant's switches are one number: read, changed bit by bit and written back with the bits that have no name. */
export function tenantFeatures(service: SyncService): TenantFeatures {
  return {
    async read(signal) {
      return namesOf(await readFeatures(service, signal));
    },
    async change(on, off, signal) {
      const set = on.reduce((bits, name) => bits | bitOf(name), 0);
      const cleared = off.reduce((bits, name) => bits | bitOf(name), 0);
      const features = await readFeatures(service, signal);
      const wanted = (features | set) & ~cleared;
      if (wanted === features) return namesOf(features);
      const content = [element('dirsyncFeatures', [], [wanted])];
      await service.call({ operation: 'SetCompanyDirsyncFeatures', content }, signal);
      return namesOf(await readFeatures(service, signal));
    },
  };
}
