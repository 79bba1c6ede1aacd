import type { Configuration, DirectoryExtensionConfiguration } from '../config/index.ts';
import type { TenantValue } from '../model/index.ts';
import { type AttributeForm, factsOf } from './ad-attributes.ts';
import { attributeText, type Compile, configurationDialect, type Flow, plainFlow } from './flow.ts';

/** The types a directory extension can have in the tenant. */
export type ExtensionType = 'String' | 'Boolean' | 'Integer' | 'LargeInteger' | 'DateTime' | 'Binary';

/** One AD attribute kept in the tenant under a name of its own. */
export interface DirectoryExtension {
  /** `extension_<application id without hyphens>_<name>` */
  readonly target: string;
  readonly attribute: string;
  readonly type: ExtensionType;
  readonly many: boolean;
}

/** As AD's schema has the attribute; counters and times of 64 bits do not fit an Integer. */
const typeOf: Readonly<Record<AttributeForm, ExtensionType>> = {
  text: 'String',
  integer: 'Integer',
  flag: 'Boolean',
  bytes: 'Binary',
  time: 'DateTime',
  name: 'String',
};
const large = new Set(['accountexpires', 'lastlogoff', 'lastlogon', 'lastlogontimestamp', 'lockouttime', 'pwdlastset']);

/** A longer text is cut, as the product does. */
const longest = 250;

/** The extensions a configuration asks for; none without an application to own them. */
export function directoryExtensions(
  { directoryExtensions: configured, tenant }: Configuration,
  kind: 'user' | 'group',
): readonly DirectoryExtension[] {
  const owner = configured.applicationId ?? tenant.credential?.clientId;
  if (owner === undefined) return [];
  return configured[kind].map((extension) => describe(extension, owner));
}

function describe(extension: DirectoryExtensionConfiguration, owner: string): DirectoryExtension {
  const { attribute, name, type }: Exclude<DirectoryExtensionConfiguration, string> =
    typeof extension === 'string' ? { attribute: extension } : extension;
  const facts = factsOf(attribute);
  const form = facts?.form ?? 'text';
  return {
    target: `extension_${owner.toLowerCase().replaceAll('-', '')}_${(name ?? attribute).replace(/[^A-Za-z0-9_]/g, '_')}`,
    attribute,
    type: type ?? (large.has(attribute.toLowerCase()) ? 'LargeInteger' : typeOf[form]),
    many: facts?.many ?? false,
  };
}

export function extensionFlow(extension: DirectoryExtension, place: string, compile: Compile): Flow {
  const { target, attribute, type } = extension;
  return {
    ...plainFlow,
    target,
    origin: 'configuration',
    mapping: compile(place, attributeText(attribute), configurationDialect),
    typed: (value) => {
      if (!Array.isArray(value)) return typed(value, type);
      const list = value.map((one) => typed(one, type)).filter((one) => one !== null);
      const bytes = list.filter((one) => one instanceof Uint8Array);
      return bytes.length === list.length ? bytes : list.map(String);
    },
  };
}

/** AD shows flags, numbers and times as text; what does not fit the type is as good as absent. */
function typed(value: TenantValue, type: ExtensionType): string | number | boolean | Uint8Array | null {
  if (value instanceof Uint8Array) return type === 'Binary' ? value : Buffer.from(value).toString('base64');
  const text = value === null ? '' : String(value);
  switch (type) {
    case 'Boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null;
    case 'Integer':
    case 'LargeInteger':
      return /^-?\d+$/.test(text) ? (Number.isSafeInteger(Number(text)) ? Number(text) : text) : null;
    case 'DateTime':
      return timeOf(text);
    case 'Binary':
      return Buffer.from(text, 'utf8');
    default:
      return text === '' ? null : text.slice(0, longest);
  }
}

/** GeneralizedTime, as AD shows times, in the form of ISO 8601. */
function timeOf(text: string): string | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text) ?? [];
  if (year !== undefined) return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return /^\d{4}-\d\d-\d\dT/.test(text) ? text : null;
}
