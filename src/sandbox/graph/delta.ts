import type { DirectoryObject, LinkAttribute } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, ok } from './answer.ts';
import type { GraphContext } from './context.ts';
import { type DeltaPosition, type DeltaQuery, type LinkPosition, readToken, writeToken } from './delta-token.ts';
import { type Entity, entities, entityOfType } from './entities/index.ts';
import { permissions } from './permissions.ts';
import { type Filter, parseFilter } from './query/filter.ts';
import { refuse } from './refusals.ts';
import {
  type Representation,
  represent,
  requireInStore,
  requireSelectable,
  shownValue,
  type View,
} from './represent.ts';
import type { GraphRequest } from './request.ts';
import type { Route } from './route.ts';
import { isExtension, viewOf } from './view.ts';

const tracked = [
  { entity: entities.user, links: ['manager'], always: [], permissions: permissions.userRead },
  { entity: entities.group, links: ['members', 'owners'], always: ['members'], permissions: permissions.groupRead },
  { entity: entities.contact, links: ['manager'], always: [], permissions: permissions.contactRead },
  {
    entity: entities.device,
    links: ['registeredOwners', 'registeredUsers'],
    always: [],
    permissions: permissions.deviceRead,
  },
  { entity: entities.application, links: [], always: [], permissions: permissions.applicationRead },
  { entity: entities.servicePrincipal, links: [], always: [], permissions: permissions.applicationRead },
] as const satisfies readonly {
  readonly entity: Entity;
  readonly links: readonly LinkAttribute[];
  readonly always: readonly LinkAttribute[];
  readonly permissions: readonly string[];
}[];

type Tracked = (typeof tracked)[number];

export const deltaRoutes: readonly Route[] = tracked.map((what) => ({
  method: 'GET',
  path: `/${what.entity.set}/delta`,
  permissions: what.permissions,
  handle: (request, _parameters, context) => delta(request, context, what),
}));

const noOptions = ['expand', 'top', 'orderby', 'search', 'count', 'skip'];
const epochFact = 'deltaEpoch';

/** From now on, no delta token that was given out is known any more. */
export function loseDeltaTokens(context: GraphContext): void {
  context.directory.facts.set(epochFact, String(epochOf(context) + 1));
}

function epochOf(context: GraphContext): number {
  return Number(context.directory.facts.get(epochFact) ?? 0);
}

function delta(request: GraphRequest, context: GraphContext, what: Tracked): GraphAnswer {
  for (const name of noOptions) {
    if (request.options.has(name)) throw refuse.notWithDelta(name);
  }
  const text = request.options.get('deltatoken') ?? request.options.get('skiptoken');
  if (text === undefined)
    return new DeltaRound(request, context, what, startOf(request, context, what)).answer(start(context));
  const { changes } = context.directory;
  if (text === 'latest') {
    const round = new DeltaRound(request, context, what, startOf(request, context, what));
    return round.answer({ phase: 'changes', from: changes.last(), upTo: changes.last(), after: changes.last() });
  }
  const restart = `${request.root}/${what.entity.set}/delta?$deltatoken=`;
  if (text === '')
    return new DeltaRound(request, context, what, startOf(request, context, what)).answer(start(context));
  const token = readToken(text, what.entity.kind);
  const age = context.clock.now() - token.issued;
  if (token.epoch !== epochOf(context) || age > context.profile().delta.tokenDays * 86_400_000) {
    throw refuse.deltaTokenLost(restart);
  }
  const isNewRound = request.options.has('deltatoken') && token.position.phase === 'changes';
  const position = isNewRound ? { ...token.position, upTo: latest(context) } : token.position;
  return new DeltaRound(request, context, what, token.query).answer(position);
}

function start(context: GraphContext): DeltaPosition {
  return { phase: 'all', upTo: latest(context), after: 0 };
}

/** The last change that shows up already. */
function latest(context: GraphContext): number {
  const { lateSeconds } = context.profile().delta;
  const { changes } = context.directory;
  return lateSeconds === 0 ? changes.last() : changes.lastBefore(context.clock.now() - lateSeconds * 1000);
}

function startOf(request: GraphRequest, context: GraphContext, { entity, links }: Tracked): DeltaQuery {
  const view = viewOf(request, context, entity);
  requireSelectable(view.select, entity, view, links);
  requireInStore(view.select, entity);
  const filter = request.options.get('filter');
  return { kind: entity.kind, select: view.select, ids: filter === undefined ? undefined : idsOf(parseFilter(filter)) };
}

/** `id eq 'a' or id eq 'b'`, the one filter delta queries know. */
function idsOf(filter: Filter): readonly string[] {
  if (filter.type === 'or') return [...idsOf(filter.left), ...idsOf(filter.right)];
  const isId =
    filter.type === 'compare' &&
    filter.operator === 'eq' &&
    filter.path.join('/') === 'id' &&
    (filter.value.type === 'text' || filter.value.type === 'guid');
  if (!isId || (filter.value.type !== 'text' && filter.value.type !== 'guid')) {
    throw refuse.deltaFilter();
  }
  return [filter.value.value.toLowerCase()];
}

interface LinkItem {
  readonly '@odata.type': string;
  readonly id: string;
  readonly '@removed'?: { readonly reason: 'deleted' };
}

/** Link changes of one object that fit the page, and where the rest begins. */
interface LinkSlice {
  readonly items: Readonly<Record<string, readonly LinkItem[]>>;
  readonly count: number;
  readonly resume: LinkPosition | undefined;
}

const fromTheStart: LinkPosition = { attribute: 0, after: 0 };
const noLinks: LinkSlice = { items: {}, count: 0, resume: undefined };

interface Page {
  readonly value: Representation[];
  readonly next: DeltaPosition | undefined;
}

/** An object answered in part comes first once more. */
function beforeNext({ after, links }: DeltaPosition): number {
  return links === undefined ? after : after - 1;
}

function stoppedBefore(position: DeltaPosition, at: number): DeltaPosition {
  return { ...position, after: at - 1, links: undefined };
}

function goesOn(
  position: DeltaPosition,
  found: number,
  last: number | undefined,
  pageSize: number,
): DeltaPosition | undefined {
  return found > pageSize && last !== undefined ? { ...position, after: last, links: undefined } : undefined;
}

/** Answers one page of a round. */
class DeltaRound {
  readonly request: GraphRequest;
  readonly context: GraphContext;
  readonly entity: Entity;
  readonly query: DeltaQuery;
  readonly links: readonly LinkAttribute[];
  readonly view: View;
  readonly minimal: boolean;

  constructor(request: GraphRequest, context: GraphContext, { entity, links, always }: Tracked, query: DeltaQuery) {
    this.request = request;
    this.context = context;
    this.entity = entity;
    this.query = query;
    const { select } = query;
    this.links = select === undefined ? always : links.filter((name) => select.includes(name));
    const properties = select?.filter((name) => !links.some((link) => link === name));
    this.view = {
      select: properties === undefined ? undefined : [...new Set(['id', ...properties])],
      beta: request.version === 'beta',
      isExtension: (name) => isExtension(context, name),
    };
    this.minimal = (request.headers['prefer'] ?? '').toLowerCase().includes('return=minimal');
  }

  answer(position: DeltaPosition): GraphAnswer {
    const { value, next } = position.phase === 'all' ? this.#all(position) : this.#changes(position);
    const body: Record<string, unknown> = {
      '@odata.context': contextUrl(this.request.root, this.entity.set, this.query.select),
    };
    if (next === undefined) {
      const { replays } = this.context.profile().delta;
      const from = this.context.directory.changes.stepsBefore(position.upTo, replays);
      body['@odata.deltaLink'] = this.#link('$deltatoken', { phase: 'changes', from, upTo: from, after: from });
    } else {
      body['@odata.nextLink'] = this.#link('$skiptoken', next);
    }
    return ok({ ...body, value });
  }

  #link(name: string, position: DeltaPosition): string {
    const token = writeToken({
      query: this.query,
      position,
      issued: this.context.clock.now(),
      epoch: epochOf(this.context),
    });
    return `${this.request.root}/${this.entity.set}/delta?${name}=${token}`;
  }

  #all(position: DeltaPosition & { phase: 'all' }): Page {
    const { pageSize, linksPerPage } = this.context.profile().delta;
    const value: Representation[] = [];
    const found = this.context.directory.objects.page({
      kinds: [this.entity.kind],
      state: 'live',
      after: { number: beforeNext(position) },
      limit: pageSize + 1,
      hidden: true,
    });
    let room = linksPerPage;
    for (const { object } of found.slice(0, pageSize)) {
      if (room === 0) return { value, next: stoppedBefore(position, object.number) };
      if (!this.#asked(object)) continue;
      const resume = object.number === position.after ? position.links : undefined;
      const slice = this.#currentLinks(object, resume, room);
      room -= slice.count;
      value.push({ ...this.#shown(object, undefined), ...slice.items });
      if (slice.resume !== undefined)
        return { value, next: { ...position, after: object.number, links: slice.resume } };
    }
    return { value, next: goesOn(position, found.length, found[pageSize - 1]?.object.number, pageSize) };
  }

  #changes(position: DeltaPosition & { phase: 'changes' }): Page {
    const { pageSize, linksPerPage } = this.context.profile().delta;
    const { changes } = this.context.directory;
    const value: Representation[] = [];
    const { from, upTo } = position;
    const found = changes.changed(this.entity.kind, beforeNext(position), upTo, pageSize + 1);
    let room = linksPerPage;
    for (const { sequence, object } of found.slice(0, pageSize)) {
      if (room === 0) return { value, next: stoppedBefore(position, sequence) };
      if (!this.#asked(object)) continue;
      if (object.state !== 'live') {
        const reason = object.state === 'purged' ? 'deleted' : 'changed';
        value.push({ id: object.id, '@removed': { reason } });
        continue;
      }
      const names = changes.changedNames(object.number, from, upTo);
      const resume = sequence === position.after ? position.links : undefined;
      const slice =
        names === 'all'
          ? this.#currentLinks(object, resume, room)
          : this.#changedLinks(object, resume?.after ?? from, upTo, room);
      room -= slice.count;
      const touched = names === 'all' || this.#tracks(names);
      if (touched || slice.count > 0) value.push({ ...this.#shown(object, names), ...slice.items });
      if (slice.resume !== undefined) return { value, next: { ...position, after: sequence, links: slice.resume } };
    }
    return { value, next: goesOn(position, found.length, found[pageSize - 1]?.sequence, pageSize) };
  }

  #asked(object: DirectoryObject): boolean {
    return this.query.ids === undefined || this.query.ids.includes(object.id);
  }

  #tracks(names: ReadonlySet<string>): boolean {
    const { select } = this.view;
    if (select === undefined) return [...names].some((name) => this.entity.rules.get(name)?.byDefault === true);
    return select.some((name) => names.has(name.split('/')[0] ?? name));
  }

  /** Values there are, and those that are no more; what never was is left out. */
  #shown(object: DirectoryObject, changed: ReadonlySet<string> | 'all' | undefined): Representation {
    const names = changed === undefined || changed === 'all' ? undefined : changed;
    const shown: Representation = { id: object.id };
    for (const [name, value] of Object.entries(represent(object, this.view))) {
      if (names?.has(name) === true) shown[name] = shownValue(object, this.entity, name);
      else if (!(this.minimal && names !== undefined) && !isEmpty(value)) shown[name] = value;
    }
    return shown;
  }

  #currentLinks(object: DirectoryObject, resume: LinkPosition = fromTheStart, room: number): LinkSlice {
    const items: Record<string, LinkItem[]> = {};
    let count = 0;
    for (const [i, attribute] of this.links.entries()) {
      if (i < resume.attribute) continue;
      const after = i === resume.attribute ? resume.after : 0;
      const targets = this.context.directory.links.targets(attribute, object.number, after, room - count + 1);
      const fit = targets.slice(0, room - count);
      if (fit.length > 0) items[`${attribute}@delta`] = fit.map(({ kind, id }) => linkItem(kind, id, true));
      count += fit.length;
      if (targets.length > fit.length)
        return { items, count, resume: { attribute: i, after: fit.at(-1)?.number ?? after } };
    }
    return { items, count, resume: undefined };
  }

  #changedLinks(object: DirectoryObject, after: number, upTo: number, room: number): LinkSlice {
    if (this.links.length === 0) return noLinks;
    const changes = this.context.directory.changes.linkChanges(object.number, after, upTo, room + 1);
    const fit = changes.slice(0, room);
    const latest = new Map<string, LinkItem>();
    for (const { attribute, target, targetId, targetKind, added } of fit) {
      if (!this.links.some((link) => link === attribute)) continue;
      const key = `${attribute} ${target}`;
      latest.delete(key);
      latest.set(key, linkItem(targetKind, targetId, added));
    }
    const items: Record<string, LinkItem[]> = {};
    for (const [key, item] of latest) {
      const name = `${key.split(' ')[0]}@delta`;
      items[name] = [...(items[name] ?? []), item];
    }
    const more = changes.length > fit.length;
    return {
      items,
      count: fit.length,
      resume: more ? { attribute: 0, after: fit.at(-1)?.sequence ?? after } : undefined,
    };
  }
}

function linkItem(kind: string, id: string, added: boolean): LinkItem {
  const type = Object.values(entities).find((entity) => entity.kind === kind)?.type ?? kind;
  const item = { '@odata.type': `#microsoft.graph.${entityOfType(type)?.type ?? type}`, id };
  return added ? item : { ...item, '@removed': { reason: 'deleted' } };
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
