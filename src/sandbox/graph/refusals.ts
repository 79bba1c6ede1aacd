/** One entry of an error's `details`. */
export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** A request that Graph answers with an error. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly RefusalDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: readonly RefusalDetail[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

const badRequest = 'Request_BadRequest';

function invalid(message: string, target: string): GraphRefusal {
  return new GraphRefusal(400, badRequest, message, [{ code: 'InvalidValue', message, target }]);
}

/**
 * Everything Graph says no with: status, code and text, seen at the real one where it could be. The one place to
 * correct them in.
 */
export const refuse = {
  duplicate(property: string, other: { readonly resource: string; readonly id: string }): GraphRefusal {
    const message = `Another object with the same value for property ${property} already exists.`;
    return new GraphRefusal(400, badRequest, message, [
      { code: 'ObjectConflict', message, target: property },
      { code: 'ConflictingObjects', message, target: `${other.resource}_${other.id}` },
    ]);
  },
  restoreConflict(property: string, other: { readonly resource: string; readonly id: string }): GraphRefusal {
    const message =
      'A conflicting object with one or more of the specified property values is present in the directory.';
    return new GraphRefusal(409, 'Request_MultipleObjectsWithSameKeyValue', message, [
      { code: 'ObjectConflict', message, target: property },
      { code: 'ConflictingObjects', message, target: `${other.resource}_${other.id}` },
    ]);
  },
  domainNotVerified: (): GraphRefusal =>
    invalid(
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
      'userPrincipalName',
    ),
  badUserPrincipalName: (): GraphRefusal => invalid('Property userPrincipalName is invalid.', 'userPrincipalName'),
  invalidValue: (property: string, resource: string): GraphRefusal =>
    invalid(`Invalid value specified for property '${property}' of resource '${resource}'.`, property),
  missingProperty: (property: string, resource: string): GraphRefusal =>
    new GraphRefusal(400, badRequest, `A value is required for property '${property}' of resource '${resource}'.`, [
      {
        code: 'MissingValue',
        message: `A value is required for property '${property}' of resource '${resource}'.`,
        target: property,
      },
    ]),
  unknownProperty: (property: string, type: string): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      `The property '${property}' does not exist on type 'microsoft.graph.${type}'. Make sure to only use property names that are defined by the type.`,
    ),
  unknownExtensions: (names: readonly string[]): GraphRefusal =>
    new GraphRefusal(400, badRequest, `The following extension properties are not available: ${names.join(',')}.`),
  readOnly: (property: string): GraphRefusal =>
    new GraphRefusal(400, badRequest, `Property '${property}' is read-only and cannot be set.`),
  weakPassword: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
      [
        {
          code: 'PasswordComplexity',
          message: 'The specified password does not comply with password complexity requirements.',
          target: 'password',
        },
      ],
    ),
  synced: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    ),
  externalService: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'Unable to update the specified properties for objects that have originated within an external service.',
    ),
  mailEnabledCreate: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.',
    ),
  mailEnabledUpdate: (): GraphRefusal =>
    new GraphRefusal(400, badRequest, 'Cannot Update a mail-enabled security groups and or distribution list.'),
  alreadyReferenced: (property: string): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    ),
  referencedTwice: (id: string, property: string): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      `Object '${id}' referenced from '${property}' can only be present once as an add/remove change.`,
    ),
  tooManyReferences: (limit: number): GraphRefusal =>
    new GraphRefusal(400, badRequest, `The number of references in one request may not exceed ${limit}.`),
  badReference: (value: string): GraphRefusal =>
    new GraphRefusal(400, badRequest, `Invalid URL format specified in @odata.bind for reference: '${value}'.`),
  wrongMemberType: (type: string, property: string): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      `An object of type '${type}' cannot be referenced from '${property}' of this object.`,
    ),
  lastOwner: (): GraphRefusal =>
    new GraphRefusal(400, badRequest, 'The group must have at least one owner, hence this owner cannot be removed.'),
  emptyBody: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      "An unexpected 'EndOfInput' node was found when reading from the JSON reader. A 'StartObject' node was expected.",
    ),
  notJson: (): GraphRefusal =>
    new GraphRefusal(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    ),
  notJsonType: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'Write requests (excluding DELETE) must contain the Content-Type header declaration.',
    ),
  wrongType: (property: string, type: string): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      `Cannot convert a value of property '${property}' to the expected type 'Edm.${type}'.`,
      [{ code: 'InvalidValue', message: `The value is not of type 'Edm.${type}'.`, target: property }],
    ),
  unsupportedFilter: (property: string, resource: string): GraphRefusal =>
    new GraphRefusal(
      400,
      'Request_UnsupportedQuery',
      `Unsupported or invalid query filter clause specified for property '${property}' of resource '${resource}'.`,
    ),
  optionNotSupported: (name: string): GraphRefusal =>
    new GraphRefusal(400, 'Request_UnsupportedQuery', `'$${name}' is not supported by the service.`),
  notWithDelta: (name: string): GraphRefusal =>
    new GraphRefusal(400, 'Request_UnsupportedQuery', `'$${name}' is not supported with delta queries.`),
  deltaFilter: (): GraphRefusal =>
    new GraphRefusal(
      400,
      'Request_UnsupportedQuery',
      "Delta queries support only filters of the form id eq '...' or id eq '...'.",
    ),
  countUnsupported: (): GraphRefusal =>
    new GraphRefusal(400, 'Request_UnsupportedQuery', '$count is not currently supported.'),
  searchNeedsHeader: (): GraphRefusal =>
    new GraphRefusal(
      400,
      'Request_UnsupportedQuery',
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    ),
  searchUnsupported: (property: string, resource: string): GraphRefusal =>
    new GraphRefusal(
      400,
      'Request_UnsupportedQuery',
      `Property '${property}' of resource '${resource}' does not support $search.`,
    ),
  searchSyntax: (): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', 'Syntax error: character in $search is not valid at this position.'),
  sortUnsupported: (value: string): GraphRefusal =>
    new GraphRefusal(400, 'Request_UnsupportedQuery', `Sorting by '${value}' is not supported for this resource.`),
  sortWithFilter: (): GraphRefusal =>
    new GraphRefusal(400, 'Request_UnsupportedQuery', 'Sorting not supported for current query.'),
  pageSize: (value: string, most: number): GraphRefusal =>
    new GraphRefusal(
      400,
      'Request_UnsupportedQuery',
      `Invalid page size specified: '${value}'. Must be between 1 and ${most} inclusive.`,
    ),
  unknownOption: (name: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `The query parameter '${name}' is not supported.`),
  optionTwice: (name: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `Query option '${name}' was specified more than once.`),
  optionValue: (name: string, value: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `Invalid value '${value}' for $${name} query option found.`),
  unknownFilter: (property: string, type: string): GraphRefusal =>
    new GraphRefusal(
      400,
      'BadRequest',
      `Invalid filter clause: Could not find a property named '${property}' on type 'microsoft.graph.${type}'.`,
    ),
  filterLiteral: (property: string): GraphRefusal =>
    new GraphRefusal(
      400,
      'BadRequest',
      `Invalid filter clause: A binary operator with incompatible types was detected for '${property}'.`,
    ),
  oneExpansion: (): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', 'Only one property can be expanded in a single query.'),
  unknownKey: (name: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `The key property '${name}' is not defined.`),
  bindNotSupported: (name: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `'${name}' is not supported here.`),
  tooManyIds: (limit: number): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `At most ${limit} ids can be given in one request.`),
  /** What another reader of the request found wrong with it. */
  badQuery: (message: string): GraphRefusal => new GraphRefusal(400, 'BadRequest', message),
  invalidFilter: (): GraphRefusal => new GraphRefusal(400, badRequest, 'Invalid filter clause'),
  unknownSelect: (property: string, type: string): GraphRefusal =>
    new GraphRefusal(
      400,
      'BadRequest',
      `Parsing OData Select and Expand failed: Could not find a property named '${property}' on type 'microsoft.graph.${type}'.`,
    ),
  tokenMissing: (): GraphRefusal => new GraphRefusal(401, 'InvalidAuthenticationToken', 'Access token is empty.'),
  tokenBad: (problem: string): GraphRefusal =>
    new GraphRefusal(401, 'InvalidAuthenticationToken', problem, [], {
      'www-authenticate': 'Bearer realm="", error="invalid_token"',
    }),
  premiumLicenseNeeded: (): GraphRefusal =>
    new GraphRefusal(
      400,
      'AadPremiumLicenseRequired',
      'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.',
    ),
  eligibilityExists: (): GraphRefusal =>
    new GraphRefusal(400, 'RoleAssignmentExists', 'The Role assignment already exists.'),
  eligibilityMissing: (): GraphRefusal =>
    new GraphRefusal(400, 'RoleAssignmentDoesNotExist', 'The Role assignment does not exist.'),
  noPermission: (): GraphRefusal =>
    new GraphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  linkQuota: (asked: number, limit: number, link: string): GraphRefusal =>
    new GraphRefusal(
      403,
      'Directory_QuotaExceeded',
      `Unable to perform operation as '${asked}' would exceed the maximum quota count '${limit}' for forward-link '${link}'.`,
    ),
  objectQuota: (limit: number): GraphRefusal =>
    new GraphRefusal(
      403,
      'Directory_QuotaExceeded',
      `The directory object quota limit for the Tenant has been exceeded. The maximum number of objects is ${limit}.`,
    ),
  notFound: (id: string): GraphRefusal =>
    new GraphRefusal(
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  noSegment: (segment: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `Resource not found for the segment '${segment}'.`),
  methodNotAllowed: (): GraphRefusal =>
    new GraphRefusal(405, badRequest, 'Specified HTTP method is not allowed for the request target.'),
  deltaTokenLost: (restart: string): GraphRefusal =>
    new GraphRefusal(
      410,
      'syncStateNotFound',
      'The sync state generation is not found; full synchronization required.',
      [],
      { location: restart },
    ),
  badToken: (): GraphRefusal => new GraphRefusal(400, badRequest, 'Badly formed token.'),
  throttled: (seconds: number, headers: Readonly<Record<string, string>> = {}): GraphRefusal =>
    new GraphRefusal(429, 'TooManyRequests', 'Too many requests.', [], { 'retry-after': String(seconds), ...headers }),
  notSupported: (): GraphRefusal =>
    new GraphRefusal(501, 'NotImplemented', 'This operation target is not yet supported.'),
  unavailable: (seconds: number | undefined): GraphRefusal =>
    new GraphRefusal(
      503,
      'serviceNotAvailable',
      'The service is temporarily unavailable. Please retry the request later.',
      [],
      seconds === undefined ? {} : { 'retry-after': String(seconds) },
    ),
  gatewayTimeout: (): GraphRefusal =>
    new GraphRefusal(504, 'gatewayTimeout', 'The server, while acting as a proxy, did not receive a timely response.'),
  internalError: (): GraphRefusal =>
    new GraphRefusal(500, 'Service_InternalServerError', 'Encountered an internal server error.'),
  failedDependency: (): GraphRefusal => new GraphRefusal(424, 'failedDependency', 'A request it depends on failed.'),
  badBatch: (detail?: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `Invalid batch payload format.${detail === undefined ? '' : ` ${detail}`}`),
  batchTooLarge: (limit: number): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `Number of batch request steps exceeds the maximum value of ${limit}.`),
  batchBodyWithoutType: (id: string): GraphRefusal =>
    new GraphRefusal(400, 'BadRequest', `Write request id : ${id} does not contain Content-Type header or body.`),
  domainExists: (name: string): GraphRefusal =>
    new GraphRefusal(400, badRequest, `Domain already exists in this tenant: '${name}'.`, [
      { code: 'ObjectConflict', message: 'Domain already exists.', target: 'id' },
    ]),
  domainNotProven: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'Domain verification failed with the following error: "DNS record was not found".',
    ),
  domainInUse: (name: string): GraphRefusal =>
    new GraphRefusal(400, badRequest, `Domain '${name}' can't be removed while objects refer to it.`),
  extensionExists: (name: string): GraphRefusal =>
    new GraphRefusal(400, badRequest, `An extension property exists with the name ${name}.`, [
      { code: 'ObjectConflict', message: 'An extension property with that name exists.', target: 'name' },
    ]),
  castNeeded: (): GraphRefusal =>
    new GraphRefusal(
      400,
      badRequest,
      'A type cast segment is required: /directory/deletedItems/microsoft.graph.user or another directory type.',
    ),
} as const;

/** Body of an error answer. */
export function refusalBody(
  { code, message, details }: GraphRefusal,
  requestId: string,
  clientRequestId: string,
  now: number,
): Record<string, unknown> {
  return {
    error: {
      code,
      message,
      ...(details.length === 0 ? {} : { details }),
      innerError: {
        date: new Date(now).toISOString().slice(0, 19),
        'request-id': requestId,
        'client-request-id': clientRequestId,
      },
    },
  };
}
