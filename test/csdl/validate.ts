import type { Exchange } from '../../src/sandbox/index.ts';
import { resolvePath, type Shape } from './resolve.ts';
import { navigationType, parseType, propertyType } from './schema.ts';
import { checkObject, checkValue, isRecord, type JsonRecord, type ValueScope } from './values.ts';

export interface Violation {
  readonly side: 'request' | 'answer';
  readonly problem: string;
  readonly method: string;
  readonly target: string;
}

/** Checks a request to Graph and its answer against the schema. */
export function validateExchange(exchange: Exchange): readonly Violation[] {
  const found: Violation[] = [];
  const beta = exchange.version === 'beta';
  const side = (name: 'request' | 'answer'): ValueScope => ({
    beta,
    report: (problem) => found.push({ side: name, problem, method: exchange.method, target: exchange.target }),
  });
  const [path = '', query = ''] = splitOnce(exchange.target, '?');
  const shape = resolvePath(path);
  if (typeof shape === 'string') {
    side('request').report(shape);
  } else {
    checkQuery(query, shape, side('request'));
    checkBody(exchange, shape, side('request'));
  }
  if (exchange.status >= 400) checkError(exchange.responseBody, side('answer'));
  else if (typeof shape !== 'string') checkAnswer(exchange, shape, new URLSearchParams(query), side('answer'));
  return found;
}

function splitOnce(text: string, at: string): readonly string[] {
  const i = text.indexOf(at);
  return i < 0 ? [text] : [text.slice(0, i), text.slice(i + 1)];
}

function option(query: URLSearchParams, name: string): string | undefined {
  for (const [key, value] of query) if (key.replace(/^\$/, '').toLowerCase() === name) return value;
  return undefined;
}

function selected(query: URLSearchParams): readonly string[] | undefined {
  return option(query, 'select')
    ?.split(',')
    .map((name) => name.trim());
}

/** In a list of directory objects, each type's properties may be asked for. */
const directoryTypes = ['user', 'group', 'orgContact', 'device', 'application', 'servicePrincipal', 'directoryRole'];

function checkQuery(text: string, shape: Shape, scope: ValueScope): void {
  const query = new URLSearchParams(text);
  const types = shape.type === 'directoryObject' ? directoryTypes : [shape.type];
  for (const name of selected(query) ?? []) {
    const [first = ''] = name.split('/');
    const known = types.some(
      (type) =>
        propertyType(type, first, scope.beta) !== undefined ||
        (shape.kind === 'operation' && shape.name === 'delta' && navigationType(type, first) !== undefined),
    );
    if (!known && !/^extension_[\da-f]{32}_\w+$/i.test(first)) {
      scope.report(`$select names ${name}, which ${shape.type} has not`);
    }
  }
  const [, expanded] = /^\s*(\w+)/.exec(option(query, 'expand') ?? '') ?? [];
  if (expanded !== undefined && !types.some((type) => navigationType(type, expanded) !== undefined)) {
    scope.report(`$expand names ${expanded}, which ${shape.type} has not`);
  }
}

function checkBody({ method, requestBody }: Exchange, shape: Shape, scope: ValueScope): void {
  if (method === 'GET' || method === 'DELETE') {
    if (requestBody !== undefined) scope.report(`a ${method} carries a body`);
    return;
  }
  if (shape.kind === 'references') {
    const reference = isRecord(requestBody) ? requestBody['@odata.id'] : undefined;
    if (typeof reference !== 'string' || !reference.startsWith('https://')) scope.report('the body holds no @odata.id');
    return;
  }
  if (shape.kind === 'operation') {
    checkParameters(requestBody, shape, scope);
    return;
  }
  if (!isRecord(requestBody)) {
    scope.report('the body is no JSON object');
    return;
  }
  checkObject(requestBody, shape.type, 'body', scope);
}

function checkParameters(body: unknown, shape: Shape & { kind: 'operation' }, scope: ValueScope): void {
  const { parameters } = shape.operation;
  if (!shape.operation.action) {
    scope.report(`${shape.name} is a function and is not called by POST`);
    return;
  }
  const given: JsonRecord = isRecord(body) ? body : {};
  // Beta's restore takes options that v1.0 has not.
  if (scope.beta && shape.name === 'restore') return;
  for (const [name, value] of Object.entries(given)) {
    const type = parameters[name];
    if (type === undefined) scope.report(`${shape.name} has no parameter ${name}`);
    else checkValue(value, type, name, scope);
  }
  for (const [name, type] of Object.entries(parameters)) {
    if (!parseType(type).nullable && !(name in given)) scope.report(`${shape.name} is called without ${name}`);
  }
}

function checkError(body: unknown, scope: ValueScope): void {
  const error = isRecord(body) ? body['error'] : undefined;
  if (!isRecord(error) || typeof error['code'] !== 'string' || typeof error['message'] !== 'string') {
    scope.report('an error without code and message');
    return;
  }
  const inner = error['innerError'];
  const isDated = isRecord(inner) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(String(inner['date']));
  if (!isDated || typeof inner['request-id'] !== 'string' || typeof inner['client-request-id'] !== 'string') {
    scope.report('an error without date, request-id and client-request-id');
  }
  const { details } = error;
  const isDetail = (one: unknown): boolean =>
    isRecord(one) && ['code', 'message', 'target'].every((name) => typeof one[name] === 'string');
  if (details !== undefined && !(Array.isArray(details) && details.every(isDetail))) {
    scope.report('error details without code, message and target');
  }
}

function checkAnswer(exchange: Exchange, shape: Shape, query: URLSearchParams, scope: ValueScope): void {
  const { status, responseBody: body } = exchange;
  if (status === 204 || status === 202) {
    if (body !== undefined) scope.report(`a ${status} with a body`);
    return;
  }
  if (shape.kind === 'count') {
    if (!/^\d+$/.test(String(body))) scope.report('$count is no number');
    return;
  }
  if (!isRecord(body)) {
    scope.report(`a ${status} without a body`);
    return;
  }
  if (!/^https:\/\/[^/]+\/(v1\.0|beta)\/\$metadata#\S+$/.test(String(body['@odata.context']))) {
    scope.report('no @odata.context');
  }
  if (shape.kind === 'operation') {
    checkReturned(body, shape, query, scope);
    return;
  }
  const single = shape.kind === 'entity' || exchange.method === 'POST' || exchange.method === 'PATCH';
  if (single) checkEntity(body, shape.type, query, scope);
  else checkList(body, shape.type, query, scope);
}

function checkReturned(
  body: JsonRecord,
  shape: Shape & { kind: 'operation' },
  query: URLSearchParams,
  scope: ValueScope,
): void {
  const { returns } = shape.operation;
  if (returns === undefined) return;
  const { name, collection } = parseType(returns);
  if (!collection) checkObject(body, name, 'answer', scope);
  else if (name === 'String') checkValue(body['value'], '[String]', 'value', scope);
  else checkList(body, shape.name === 'delta' ? shape.type : name, query, scope, shape.name === 'delta');
}

function checkEntity(body: JsonRecord, type: string, query: URLSearchParams, scope: ValueScope): void {
  checkObject(body, type, 'answer', scope);
  checkSelected(body, query, scope);
}

const listAnnotations = ['@odata.context', '@odata.nextLink', '@odata.deltaLink', '@odata.count', 'value'];

function checkList(body: JsonRecord, type: string, query: URLSearchParams, scope: ValueScope, delta = false): void {
  for (const name of Object.keys(body)) if (!listAnnotations.includes(name)) scope.report(`a list holds ${name}`);
  const { value, '@odata.nextLink': next, '@odata.deltaLink': last } = body;
  for (const link of [next, last]) {
    if (link !== undefined && !(typeof link === 'string' && URL.canParse(link)))
      scope.report(`no link: ${String(link)}`);
  }
  if (delta && (next === undefined) === (last === undefined)) scope.report('a delta page with both links or none');
  if (!delta && last !== undefined) scope.report('a list with a delta link');
  if (!Array.isArray(value)) {
    scope.report('a list without value');
    return;
  }
  for (const [i, item] of value.entries()) {
    checkObject(item, type, `value[${i}]`, scope);
    if (!isRecord(item)) continue;
    if (type === 'directoryObject' && typeof item['@odata.type'] !== 'string') scope.report(`value[${i}] has no type`);
    if (!delta) checkSelected(item, query, scope);
  }
}

function checkSelected(item: JsonRecord, query: URLSearchParams, scope: ValueScope): void {
  const names = selected(query)?.map((name) => name.split('/')[0]?.toLowerCase());
  if (names === undefined) return;
  const expanded = /^\s*(\w+)/.exec(option(query, 'expand') ?? '')?.[1];
  for (const name of Object.keys(item)) {
    if (name.includes('@') || name === expanded || names.includes(name.toLowerCase())) continue;
    scope.report(`${name} was not selected`);
  }
}
