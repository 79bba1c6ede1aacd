import { rmSync } from 'node:fs';
import { type Configuration, checkConfiguration, type LoadedConfiguration } from '../../src/config/index.ts';
import { type Cycle, type EngineContext, engineOver, type StartCycle, supportOf } from '../../src/engine/index.ts';
import {
  type ConnectorName,
  connectorName,
  type Dn,
  domainDn,
  type ObjectGuid,
  objectGuidToBytes,
  sourceAnchorFromBytes,
} from '../../src/model/index.ts';
import { compileRules } from '../../src/rules/index.ts';
import { openState, type State } from '../../src/state/index.ts';
import { type Target, targetProfile } from '../../src/target/index.ts';
import type { Effects } from './effects.ts';
import { type DirectoryObject, MemoryDirectory, MemorySource } from './memory-directory.ts';
import { type Fault, MemoryTenant, ModelRefusal } from './memory-tenant.ts';

/** One thing that happens in a scenario: an edit of a directory, a cycle with its faults, a restart. */
export type Step =
  | { readonly do: 'addUser' | 'addGroup' | 'rename'; readonly forest: number; readonly n: number }
  | { readonly do: 'change'; readonly forest: number; readonly n: number; readonly value: number }
  | { readonly do: 'disable'; readonly forest: number; readonly n: number; readonly disabled: boolean }
  | { readonly do: 'move'; readonly forest: number; readonly n: number; readonly inScope: boolean }
  | { readonly do: 'remove'; readonly forest: number; readonly n: number; readonly group: boolean }
  | {
      readonly do: 'member' | 'manager' | 'owner';
      readonly forest: number;
      readonly n: number;
      readonly m: number;
      readonly there: boolean;
    }
  | { readonly do: 'moveUnit'; readonly forest: number }
  | {
      readonly do: 'cycle';
      readonly full: boolean;
      readonly faults: readonly Fault[];
      readonly failAfterPages: number | undefined;
    }
  | { readonly do: 'drift'; readonly n: number }
  | { readonly do: 'restart' | 'preview' | 'purge' };

const forests = ['contoso', 'fabrikam'] as const;
const domainOf = (forest: number): string => `${forests[forest]}.test`;

export const unguarded =
  'safety: { deletes: off, scopeLosses: off, disables: off, renames: off, attributeChanges: off, memberRemovals: off, managerRemovals: off, memberRemovalsPerGroup: off }';

const configurationWith = (more: string): string => `version: 1
tenant: { id: model, cloud: sandbox, graph: { owners: true } }
forests:
${forests
  .map(
    (name) => `  - name: ${name}
    domains: [{ name: ${name}.test, ldif: ./none.ldf }]
    scope: { organizationalUnits: ["OU=People,DC=${name},DC=test"] }`,
  )
  .join('\n')}
${more}
`;

/** What the tenant should hold of one object: attributes that matter here, and links by anchor. */
interface Expected {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly string[];
}

/** Two directories, a tenant and the engine's state between them, in memory but for the state. */
export class Scenario implements AsyncDisposable {
  readonly directories = forests.map(() => new MemoryDirectory());
  readonly tenant = new MemoryTenant(targetProfile('graph', { owners: true }));
  clockStands = false;
  readonly #file: string;
  readonly #connectors: readonly ConnectorName[];
  #text: string;
  #document: Configuration;
  #state: State;
  #engine: ReturnType<typeof engineOver>;
  #clock = Date.parse('2026-01-01T00:00:00Z');
  #generation = 0;

  private constructor(file: string, more: string) {
    this.#file = file;
    this.#text = configurationWith(more);
    this.#document = read(this.#text);
    this.#connectors = forests.map((name) => connectorName(name, `${name}.test`));
    this.#state = openState(file);
    this.#engine = engineOver(this.#context());
  }

  /** `more` is YAML at the configuration's root; without it, no guard holds anything. */
  static async open(file: string, more = unguarded): Promise<Scenario> {
    const scenario = new Scenario(file, more);
    for (const [forest, directory] of scenario.directories.entries()) {
      const root = domainDn(domainOf(forest));
      directory.add(guidOf(forest, 'root', 0, 0), 'container', root, {});
      directory.add(guidOf(forest, 'unit', 0, 0), 'container', `OU=People,${root}`, {});
      directory.add(guidOf(forest, 'unit', 1, 0), 'container', `OU=Elsewhere,${root}`, {});
    }
    return scenario;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'addUser':
        this.#add(step.forest, 'user', step.n);
        return;
      case 'addGroup':
        this.#add(step.forest, 'group', step.n);
        return;
      case 'change':
        this.#edit(step.forest, 'user', step.n, (user) => {
          user.attributes['department'] = step.value === 0 ? [] : [`department ${step.value}`];
        });
        return;
      case 'disable':
        this.#edit(step.forest, 'user', step.n, (user) => {
          user.attributes['userAccountControl'] = [step.disabled ? '514' : '512'];
        });
        return;
      case 'rename':
        this.#edit(step.forest, 'user', step.n, (user) => {
          this.#generation += 1;
          const name = `renamed ${this.#generation}`;
          user.attributes['displayName'] = [name];
          user.dn = `CN=${name},${user.dn.slice(user.dn.indexOf(',') + 1)}` as Dn;
        });
        return;
      case 'move':
        this.#edit(step.forest, 'user', step.n, (user) => {
          user.dn =
            `${user.dn.slice(0, user.dn.indexOf(','))},${this.#unit(step.forest, step.inScope ? 0 : 1).dn}` as Dn;
        });
        return;
      case 'moveUnit':
        // A scope root is known by its GUID once it was read under its configured name; before, it is missing.
        if (this.#state.read.connectors.byName(this.#connectors[step.forest] ?? ('' as ConnectorName))?.read_at != null)
          this.#renameUnit(step.forest);
        return;
      case 'remove': {
        const found = this.#find(step.forest, step.group ? 'group' : 'user', step.n);
        if (found !== undefined) this.#directory(step.forest).remove(found.guid);
        return;
      }
      case 'member':
      case 'manager':
      case 'owner': {
        const holder = this.#find(step.forest, step.do === 'manager' ? 'user' : 'group', step.n);
        const end = this.#find(step.forest, step.m % 2 === 1 && step.do === 'member' ? 'group' : 'user', step.m);
        if (holder === undefined || end === undefined) return;
        const directory = this.#directory(step.forest);
        const attribute = step.do === 'owner' ? 'managedBy' : step.do;
        if (step.do !== 'member' && step.there)
          for (const before of holder.links.get(attribute) ?? []) directory.setLink(holder, attribute, before, false);
        directory.setLink(holder, attribute, end.guid, step.there);
        return;
      }
      case 'cycle': {
        const faults = [...step.faults];
        this.tenant.fault = () => faults.shift() ?? 'none';
        for (const directory of this.directories) directory.failAfterPages = step.failAfterPages;
        await this.cycle(step.full ? 'full' : 'delta');
        this.calm();
        return;
      }
      case 'drift': {
        const [object] = [...this.tenant.objects.values()]
          .filter(({ softDeleted, kind }) => !softDeleted && kind === 'user')
          .slice(step.n);
        if (object !== undefined) this.tenant.edit(object.id, { department: 'edited in the tenant' });
        return;
      }
      case 'purge':
        this.tenant.purge();
        return;
      case 'preview':
        await this.cycle('delta', { preview: true });
        return;
      case 'restart':
        this.restart();
        return;
      default:
        step satisfies never;
    }
  }

  get engine(): ReturnType<typeof engineOver> {
    return this.#engine;
  }

  get read(): State['read'] {
    return this.#state.read;
  }

  /** The database is gone. */
  loseState(): void {
    this.#state[Symbol.dispose]();
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.#file + suffix, { force: true });
    this.#state = openState(this.#file);
    this.#engine = engineOver(this.#context());
  }

  /** The process ends and another begins: whatever was not committed is gone. */
  restart(effects?: Effects): void {
    this.#state[Symbol.dispose]();
    const state = openState(this.#file);
    this.#state = effects?.ofState(state) ?? state;
    this.#engine = engineOver(this.#context(effects?.ofTarget(this.tenant)));
  }

  /** The configuration as it would be, edited. */
  configured(edit: (text: string) => string): LoadedConfiguration {
    return { document: read(edit(this.#text)), text: '', file: 'model.yaml', folder: '.', digest: '' };
  }

  /** The configuration is edited, and the process starts anew with it. */
  reconfigure(edit: (text: string) => string): void {
    const text = edit(this.#text);
    if (text === this.#text) throw new Error('nothing was edited');
    this.#text = text;
    this.#document = read(text);
    this.restart();
  }

  async cycle(type: 'delta' | 'full', more: Partial<StartCycle> = {}): Promise<Cycle> {
    // Longer than any wait, so that what was refused is tried again.
    if (!this.clockStands) this.#clock += 2 * 86_400_000;
    return await this.#engine.runCycle(
      { type, preview: false, trigger: 'manual', ...more },
      new AbortController().signal,
      { started() {}, progress() {} },
    );
  }

  calm(): void {
    this.tenant.fault = () => 'none';
    for (const directory of this.directories) directory.failAfterPages = undefined;
  }

  /** Users of the first forest by number, made and brought to the tenant. */
  async withUsers(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) this.#add(0, 'user', n === 7 ? 1000 : n);
    await this.settle();
  }

  /** Calm weather, and as many cycles as an undisturbed engine may need: one for objects, one for what they held up. */
  async settle(): Promise<void> {
    this.calm();
    for (let i = 0; i < 3; i += 1) {
      const cycle = await this.cycle('delta');
      if (cycle.error !== null) throw new Error(`a calm cycle ended with ${JSON.stringify(cycle.error)}`);
    }
  }

  /** Identities that are not what they should be, with their reasons. */
  held(): readonly string[] {
    const { lists, objects } = this.#state.read;
    return lists.failing({ key: '', id: 0 }, 100).map(({ id, code }) => `${objects.identity(id)?.anchor} ${code}`);
  }

  /** Whatever takes part and has a link that the tenant never takes. */
  refused(): readonly string[] {
    return this.directories.flatMap((directory, forest) =>
      [...directory.objects.values()]
        .filter(
          (object) => this.#takesPart(forest, object) && this.#linksOf(forest, object).some(({ refused }) => refused),
        )
        .map((object) => `${anchorOf(object)} ${ModelRefusal.code}`),
    );
  }

  brokenLog(): number | undefined {
    const steps = this.#state.read.log.verify();
    for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
  }

  expected(): Readonly<Record<string, Expected>> {
    const entries = this.directories.flatMap((directory, forest) =>
      [...directory.objects.values()]
        .filter((object) => this.#takesPart(forest, object))
        .map((object) => [keyOf(object), this.#expectedOf(forest, object)] as const),
    );
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  actual(): Readonly<Record<string, Expected>> {
    const entries = [...this.tenant.snapshot()].map(([key, { attributes, links }]) => {
      const { displayName, department = null, userPrincipalName, accountEnabled } = attributes;
      const user = { displayName, department, userPrincipalName, accountEnabled };
      return [key, { attributes: key.startsWith('user') ? user : { displayName }, links }] as const;
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** `actual` without what stays as it was: accounts of those who left, links to them that are still named, a last owner. */
  followed(): Readonly<Record<string, Expected>> {
    const [actual, expected, named] = [this.actual(), this.expected(), this.#named()];
    const removal = this.#document.removal.user;
    const isLeaver = (key: string): boolean =>
      removal !== 'delete' && key.startsWith('user') && key in actual && !(key in expected);
    const isOwner = (link: string): boolean => link.startsWith('managedBy:');
    return Object.fromEntries(
      Object.entries(actual)
        .filter(([key, { attributes }]) => !isLeaver(key) || (removal === 'disable' && attributes['accountEnabled']))
        .map(([key, { attributes, links }]) => {
          const keepsLast = links.filter(isOwner).length === 1 && !expected[key]?.links.some(isOwner);
          const isLeft = (link: string): boolean =>
            (keepsLast && isOwner(link)) ||
            (isLeaver(`user ${link.slice(link.indexOf(':') + 1)}`) && named.has(`${key} ${link}`));
          return [key, { attributes, links: links.filter((link) => !isLeft(link)) }];
        }),
    );
  }

  /** Every link of the directories, whether its ends take part or not. */
  #named(): ReadonlySet<string> {
    return new Set(
      this.directories.flatMap((directory) =>
        [...directory.objects.values()].flatMap((object) =>
          [...object.links].flatMap(([attribute, ends]) =>
            [...ends].flatMap((guid) => {
              const end = directory.objects.get(guid);
              return end === undefined ? [] : [`${keyOf(object)} ${attribute}:${anchorOf(end)}`];
            }),
          ),
        ),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state[Symbol.dispose]();
  }

  #context(target: Target = this.tenant): EngineContext {
    const sources = new Map(
      forests.map((name, i) => [
        connectorName(name, `${name}.test`),
        new MemorySource(connectorName(name, `${name}.test`), `${name}.test`, this.#directory(i)),
      ]),
    );
    return {
      configuration: this.#document,
      rules: compileRules(this.#document, supportOf(this.tenant.profile)),
      state: this.#state,
      target,
      connectors: this.#document.forests.map(({ name }) => ({
        name: connectorName(name, `${name}.test`),
        forest: name,
        domain: `${name}.test`,
        domainDn: domainDn(`${name}.test`),
      })),
      source: async (name) => {
        const source = sources.get(name);
        if (source === undefined) throw new Error(`no source ${name}`);
        return source;
      },
      now: () => new Date(this.#clock),
      log: (level, event, fields) => process.env['CLOUDSYNC_TEST_LOG'] && console.log(level, event, fields),
    };
  }

  #directory(forest: number): MemoryDirectory {
    const directory = this.directories[forest];
    if (directory === undefined) throw new Error(`no forest ${forest} of ${this.#connectors}`);
    return directory;
  }

  #find(forest: number, kind: 'user' | 'group', n: number): DirectoryObject | undefined {
    return [...this.#directory(forest).objects.values()].find(
      (object) => !object.deleted && object.kind === kind && object.attributes['employeeID']?.[0] === String(n),
    );
  }

  #unit(forest: number, n: number): DirectoryObject {
    const unit = this.#directory(forest).objects.get(guidOf(forest, 'unit', n, 0));
    if (unit === undefined) throw new Error('no such unit');
    return unit;
  }

  /** An account of the same name comes back as another object, with the same names. */
  #add(forest: number, kind: 'user' | 'group', n: number): void {
    if (this.#find(forest, kind, n) !== undefined) return;
    this.#generation += 1;
    const name = `${kind} ${n}`;
    const dn = `CN=${name},${this.#unit(forest, n === 7 ? 1 : 0).dn}`;
    const account = { sAMAccountName: [`${kind}${n}`], displayName: [name], cn: [name], employeeID: [String(n)] };
    const attributes =
      kind === 'user'
        ? { ...account, userPrincipalName: [`user${n}@${domainOf(forest)}`], userAccountControl: ['512'] }
        : { ...account, groupType: ['-2147483646'] };
    this.#directory(forest).add(guidOf(forest, kind, n, this.#generation), kind, dn, attributes);
  }

  #edit(forest: number, kind: 'user' | 'group', n: number, change: (object: DirectoryObject) => void): void {
    const found = this.#find(forest, kind, n);
    if (found === undefined) return;
    change(found);
    for (const [name, values] of Object.entries(found.attributes))
      if (values?.length === 0) delete found.attributes[name];
    this.#directory(forest).touch(found);
  }

  /** As AD does: the container is written, its descendants only have other names. */
  #renameUnit(forest: number): void {
    const unit = this.#unit(forest, 0);
    const before = unit.dn;
    this.#generation += 1;
    unit.dn = `OU=People ${this.#generation},${domainDn(domainOf(forest))}` as Dn;
    this.#directory(forest).touch(unit);
    for (const object of this.#directory(forest).objects.values())
      if (object.dn.endsWith(`,${before}`)) object.dn = `${object.dn.slice(0, -before.length)}${unit.dn}` as Dn;
  }

  #takesPart(forest: number, object: DirectoryObject): boolean {
    return (
      !object.deleted &&
      (object.kind === 'user' || object.kind === 'group') &&
      object.dn.endsWith(`,${this.#unit(forest, 0).dn}`)
    );
  }

  #expectedOf(forest: number, object: DirectoryObject): Expected {
    const text = (name: string): unknown => object.attributes[name]?.[0] ?? null;
    const links = this.#linksOf(forest, object).flatMap(({ link, refused }) => (refused ? [] : [link]));
    const attributes =
      object.kind === 'user'
        ? {
            displayName: text('displayName'),
            department: text('department'),
            userPrincipalName: text('userPrincipalName'),
            accountEnabled: text('userAccountControl') === '512',
          }
        : { displayName: text('displayName') };
    return { attributes, links: links.sort() };
  }

  #linksOf(forest: number, object: DirectoryObject): readonly { readonly link: string; readonly refused: boolean }[] {
    return [...object.links].flatMap(([attribute, ends]) =>
      [...ends].flatMap((guid) => {
        const end = this.#directory(forest).objects.get(guid);
        if (end === undefined || !this.#takesPart(forest, end)) return [];
        const userPrincipalName = String(end.attributes['userPrincipalName']?.[0] ?? '');
        return [
          { link: `${attribute}:${anchorOf(end)}`, refused: this.tenant.refuses(attribute, { userPrincipalName }) },
        ];
      }),
    );
  }
}

function read(text: string): Configuration {
  const { document, errors } = checkConfiguration('model.yaml', text);
  if (document === undefined) throw errors[0];
  return document;
}

function anchorOf(object: DirectoryObject): string {
  return sourceAnchorFromBytes(objectGuidToBytes(object.guid)) ?? '';
}

function keyOf(object: DirectoryObject): string {
  return `${object.kind} ${anchorOf(object)}`;
}

function guidOf(forest: number, kind: string, n: number, generation: number): ObjectGuid {
  const kinds = ['root', 'unit', 'user', 'group'];
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');
  return `${hex(forest + 1, 8)}-${hex(kinds.indexOf(kind), 4)}-4000-8000-${hex(n, 4)}${hex(generation, 8)}` as ObjectGuid;
}
