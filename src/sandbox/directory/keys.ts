import { type DirectoryKind, isUnified, type Properties, text, texts } from './object.ts';

/** A property by which objects are found, and in some cases told apart. */
export interface KeyRule {
  readonly name: string;
  /** The kinds that share one space of values; empty where it need not be unique. */
  readonly uniqueAmong: readonly DirectoryKind[];
  /** Compared to the letter: anchors are base64. */
  readonly exact?: boolean;
  /** Unique only for objects of which this holds. */
  readonly uniqueWhen?: (properties: Properties) => boolean;
}

const mailKinds: readonly DirectoryKind[] = ['user', 'group', 'contact'];

export const keyRules: readonly KeyRule[] = [
  { name: 'userPrincipalName', uniqueAmong: ['user'] },
  // Before the address that follows from it.
  { name: 'mailNickname', uniqueAmong: ['group'], uniqueWhen: isUnified },
  { name: 'proxyAddresses', uniqueAmong: mailKinds },
  { name: 'onPremisesImmutableId', uniqueAmong: ['user'], exact: true },
  { name: 'onPremisesSecurityIdentifier', uniqueAmong: ['user', 'group', 'device'] },
  { name: 'uniqueName', uniqueAmong: ['group', 'application'], exact: true },
  { name: 'appId', uniqueAmong: [] },
  { name: 'deviceId', uniqueAmong: ['device'] },
  { name: 'mail', uniqueAmong: [] },
  { name: 'displayName', uniqueAmong: [] },
  { name: 'onPremisesSamAccountName', uniqueAmong: [] },
  { name: 'employeeId', uniqueAmong: [] },
  // What a sync service calls its objects: the anchor of every kind, users' immutable id included.
  { name: 'sourceAnchor', uniqueAmong: ['user', 'group', 'contact', 'device'], exact: true },
  // An extension definition belongs to its application and is known by its full name.
  { name: 'name', uniqueAmong: ['extensionProperty'] },
];

const rulesByName = new Map(keyRules.map((rule) => [rule.name, rule]));

export function keyRule(name: string): KeyRule | undefined {
  return rulesByName.get(name);
}

export function foldedKey(rule: KeyRule, value: string): string {
  return rule.exact === true ? value : value.toLowerCase();
}

/** The values an object is found by under a rule. */
export function keyValues(rule: KeyRule, properties: Properties): readonly string[] {
  const value = properties[rule.name];
  const single = text(value);
  const values = single === undefined ? texts(value) : [single];
  return values.length < 2
    ? values.map((one) => foldedKey(rule, one))
    : [...new Set(values.map((one) => foldedKey(rule, one)))];
}
