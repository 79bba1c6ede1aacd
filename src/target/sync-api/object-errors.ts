import type { TargetError } from '../errors.ts';
import {
  DuplicateValueError,
  InvalidValueError,
  ProtectedAccountError,
  ValueMissingError,
  ValueTooLongError,
} from '../object-errors.ts';
import {
  CloudMasteredError,
  FederatedDomainChangeError,
  HardMatchRefusedError,
  KindMismatchError,
  ObjectRefusedError,
  QuarantinedValueError,
  SoftMatchRefusedError,
} from './errors.ts';

export interface ObjectFailure {
  /** `ResultErrorCode`: a name or a number; which names there are is known of Connect's run reports. */
  readonly code: string | undefined;
  readonly description: string;
}

type Make = (object: string, failure: ObjectFailure) => TargetError;

const anotherObject = 'another object of the tenant';

const invalid: Make = (object, { description }) =>
  new InvalidValueError({ object, attribute: attributeIn(description) }, description);
const tooLong: Make = (object, { description }) =>
  new ValueTooLongError({ object, attribute: attributeIn(description) }, description);
const hardMatch: Make = (object, { description }) => new HardMatchRefusedError(object, description);
const cloudMastered: Make = (object, { description }) => new CloudMasteredError(object, description);
const duplicate: Make = (object, { description }) =>
  new DuplicateValueError({ object, attribute: attributeIn(description) }, valueIn(description), anotherObject);

const byName = new Map<string, Make>(
  Object.entries<Make>({
    invalidhardmatch: hardMatch,
    attributeupdatenotallowed: hardMatch,
    invalidsoftmatch: (object, { description }) => new SoftMatchRefusedError(object, description),
    objecttypemismatch: (object, { description }) => new KindMismatchError(object, description),
    attributevaluemustbeunique: duplicate,
    quarantinedattributevaluemustbeunique: (object, { description }) =>
      new QuarantinedValueError(object, attributeIn(description), description),
    identitydatavalidationfailed: invalid,
    datavalidationfailed: invalid,
    largeobject: tooLong,
    exceededallowedlength: tooLong,
    federateddomainchangeerror: (object, { description }) => new FederatedDomainChangeError(object, description),
    existingadminroleconflict: (object, { description }) => new ProtectedAccountError({ object }, description),
    groupsecurityenabledattributemissing: (object) => new ValueMissingError({ object, attribute: 'securityEnabled' }),
    deletenotallowed: cloudMastered,
  }),
);

/** The few numbers that are public. */
const byNumber = new Map<string, Make>([
  ['96', hardMatch],
  ['103', hardMatch],
  ['114', cloudMastered],
]);

/** Why the service refused one object, by the code's name or number, or by a name in the text. */
export function objectError(object: string, failure: ObjectFailure): TargetError {
  const code = failure.code?.trim() ?? '';
  const named = byName.get(code.toLowerCase()) ?? byNumber.get(code) ?? byNameIn(failure.description);
  return named === undefined
    ? new ObjectRefusedError(object, failure.code, failure.description)
    : named(object, failure);
}

function byNameIn(text: string): Make | undefined {
  const folded = text.toLowerCase();
  return [...byName].toSorted(([a], [b]) => b.length - a.length).find(([name]) => folded.includes(name))?.[1];
}

/** Written, and not all of it. */
export function partialError(object: string, { description }: ObjectFailure): TargetError {
  return new QuarantinedValueError(object, attributeIn(description), description);
}

const attributeNames = ['userPrincipalName', 'proxyAddresses', 'mail', 'onPremiseSecurityIdentifier', 'sourceAnchor'];

function attributeIn(description: string): string | undefined {
  const folded = description.toLowerCase();
  return attributeNames.find((name) => folded.includes(name.toLowerCase()));
}

/** The service names a value as `[UserPrincipalName a@b;]`. */
function valueIn(description: string): string | undefined {
  return /\[\s*[A-Za-z]+\s+([^;\]]+)/.exec(description)?.[1];
}
