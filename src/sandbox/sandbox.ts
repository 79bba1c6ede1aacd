import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { servicePath } from '../wire/index.ts';
import { removeAccess, type SandboxAccess, writeAccess } from './access-file.ts';
import { answerAdmin, isAdminPath } from './admin.ts';
import { type Identity, isSignedBy, newAuthority, newServerIdentity, stillGood } from './certificates.ts';
import { type Clock, movableClock } from './clock.ts';
import type { SandboxControls } from './controls.ts';
import { newCounters } from './counters.ts';
import { type Directory, domainPattern, openDirectory } from './directory/index.ts';
import { DomainNameError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { exchangeService, manageRole } from './exchange-online/index.ts';
import { allRoles, findDirectoryRole, graphService, loseDeltaTokens, openDirectoryRoles } from './graph/index.ts';
import { type HttpRequest, jsonAnswer } from './http.ts';
import { changedProfile, parseProfile, type SandboxProfile } from './profile.ts';
import { serveHttps } from './server.ts';
import { type Applications, applicationStore, newSecret, resourceOf, signIn, tokenStore } from './sign-in/index.ts';
import { activate, passwordStore, syncService, userSignIn, writeRole } from './sync-api/index.ts';

export interface SandboxOptions {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Made where it is missing; one sandbox at a time. */
  readonly dataDirectory: string;
  /** Verified domains, beside the tenant's own `onmicrosoft.com` name. */
  readonly domains: readonly string[];
  /** Further host names and addresses the certificate stands for. */
  readonly hostNames?: readonly string[] | undefined;
  readonly profile?: SandboxProfile | undefined;
  /** The world's time, on which the tenant's own moves; the system's when left out. */
  readonly now?: (() => Date) | undefined;
  /** Sees every exchange with Graph. */
  readonly validate?: ((exchange: Exchange) => void) | undefined;
}

/** A running tenant. */
export interface Sandbox extends SandboxAccess, SandboxControls, AsyncDisposable {}

const renewalCheck = 86_400_000;

/** Starts the tenant; it serves when this returns. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  await using disposables = new AsyncDisposableStack();
  const folder = resolve(options.dataDirectory);
  const clock = movableClock(options.now ?? (() => new Date()));
  let profile = parseProfile(options.profile);
  for (const name of options.domains) if (!domainPattern.test(name)) throw new DomainNameError(name);
  const directory = disposables.use(openDirectory(folder, clock, () => profile));
  removeAccess(folder);
  const applications = applicationStore(directory, clock);
  const tenant = openTenant(directory, applications, clock, options.domains);
  openDirectoryRoles(directory);
  const names = hostNames(options, profile.hostNames);
  const authority = await keptAuthority(directory);
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.certificate);
  const counters = newCounters();
  const tokens = tokenStore(directory.facts, tenant.tenantId, clock);
  const isOwnHost = (host: string): boolean => names.includes(host.replace(/^\[|\]$/g, ''));
  const shared = { tenantId: tenant.tenantId, directory, applications, tokens, clock, profile: () => profile };
  const signInService = signIn({
    ...shared,
    domains: directory.domains,
    isOwnHost,
    issued: () => {
      counters.tokens += 1;
    },
  });
  const syncShared = {
    ...shared,
    counters,
    passwords: passwordStore(directory),
    settings: () => profile.syncApi,
    isSyncApi: (audience: string) => resourceOf(audience, isOwnHost)?.name === 'syncApi',
  };
  if (profile.syncApi.activated) activate(directory);
  const sync = syncService(syncShared);
  const userSignInService = userSignIn({
    ...syncShared,
    isOwnHost,
    graphRoles: allRoles,
    issued: () => {
      counters.tokens += 1;
    },
  });
  const exchange = exchangeService({
    ...shared,
    isExchange: (audience) => resourceOf(audience, isOwnHost)?.name === 'exchange',
  });
  const graph = graphService({
    ...shared,
    counters,
    isGraph: (audience) => resourceOf(audience, isOwnHost)?.name === 'graph',
    validate: options.validate,
  });

  const controls: SandboxControls = {
    tenantId: tenant.tenantId,
    counters,
    clock,
    directory,
    applications,
    profile: () => profile,
    changeProfile(change) {
      profile = changedProfile(profile, change);
    },
    addApplication(displayName, roles) {
      const clientSecret = newSecret();
      const clientId = applications.register(displayName);
      applications.addSecret(clientId, clientSecret);
      for (const role of roles) applications.grant(clientId, 'graph', role);
      return { clientId, clientSecret };
    },
    grantDirectoryRole(displayName, objectId) {
      const role = findDirectoryRole(directory, displayName);
      const object = directory.objects.byId(objectId);
      if (role === undefined || object === undefined)
        throw new Error(`no role ${displayName} or no object ${objectId}`);
      directory.transact((writer) => writer.link('members', role, object));
    },
    loseDeltaTokens: () => loseDeltaTokens(shared),
  };

  function answer(request: HttpRequest, remoteAddress: string): ReturnType<typeof graph> {
    if (isAdminPath(request.path)) {
      return { answer: answerAdmin({ secret: tenant.adminSecret, controls }, request, remoteAddress) };
    }
    if (/^\/(v1\.0|beta)(\/|$)/i.test(request.path)) return graph(request);
    if (request.path.toLowerCase() === servicePath) return sync(request);
    return {
      answer:
        exchange(request) ??
        userSignInService(request) ??
        signInService(request) ??
        jsonAnswer(404, { error: { code: 'NotFound', message: 'Not found.' } }),
    };
  }

  const identity = await keptIdentity(directory, authority, names);
  const server = disposables.use(
    await serveHttps({
      listen: options.listen,
      identity,
      skew: () => profile.clockSkewSeconds * 1000,
      hangMilliseconds: () => profile.faults.hangSeconds * 1000,
      answer,
      failed(error) {
        throw error;
      },
    }),
  );
  const renewal = setInterval(() => {
    keptIdentity(directory, authority, names).then((renewed) => server.useIdentity(renewed));
  }, renewalCheck);
  renewal.unref();
  disposables.defer(() => clearInterval(renewal));

  const origin = `https://${clientHost(options.listen.host)}:${server.port}`;
  const access: SandboxAccess = {
    graphUrl: origin,
    authority: origin,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    ca,
    admin: { url: `${origin}/sandbox`, secret: tenant.adminSecret },
  };
  writeAccess(folder, access);
  disposables.defer(() => removeAccess(folder));
  const kept = disposables.move();
  return { ...access, ...controls, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Where clients of this machine reach a server that listens there; `0.0.0.0` is no place to connect to. */
function clientHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** All that a client may call this machine by. */
function hostNames(
  { listen, hostNames: further = [] }: SandboxOptions,
  profiled: readonly string[],
): readonly string[] {
  const any = ['0.0.0.0', '::'].includes(listen.host);
  return [...new Set(['localhost', '127.0.0.1', '::1', ...(any ? [] : [listen.host]), ...further, ...profiled])];
}

interface Tenant {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly adminSecret: string;
}

/** Who the tenant is; made on the first start and kept from then on. */
function openTenant(
  directory: Directory,
  applications: Applications,
  clock: Clock,
  domains: readonly string[],
): Tenant {
  const { facts } = directory;
  return directory.transact(() => {
    facts.once('createdAt', () => String(clock.now()));
    facts.once('subscriptionId', randomUUID);
    const tenantId = facts.once('tenantId', randomUUID);
    directory.domains.add(`sandbox${tenantId.slice(0, 8)}.onmicrosoft.com`, true, true);
    for (const name of domains) {
      directory.domains.add(name, true);
      directory.domains.verify(name);
    }
    const clientSecret = facts.once('clientSecret', newSecret);
    const clientId = facts.once('clientId', () => {
      const appId = applications.register('CloudSync');
      applications.addSecret(appId, clientSecret, { displayName: 'sandbox.json' });
      return appId;
    });
    for (const role of allRoles) applications.grant(clientId, 'graph', role);
    applications.grant(clientId, 'syncApi', writeRole);
    applications.grant(clientId, 'exchange', manageRole);
    return {
      tenantId,
      clientId,
      clientSecret,
      adminSecret: facts.once('adminSecret', () => randomBytes(32).toString('base64url')),
    };
  });
}

async function kept(directory: Directory, name: string, make: () => Promise<Identity>): Promise<Identity> {
  const made = await make();
  directory.transact(() => {
    directory.facts.set(`${name}.certificate`, made.certificate);
    directory.facts.set(`${name}.key`, made.key);
  });
  return made;
}

function known({ facts }: Directory, name: string): Identity | undefined {
  const [certificate, key] = [facts.get(`${name}.certificate`), facts.get(`${name}.key`)];
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

async function keptAuthority(directory: Directory): Promise<Identity> {
  const authority = known(directory, 'authority');
  if (authority !== undefined && stillGood(authority.certificate, [], new Date())) return authority;
  return await kept(directory, 'authority', () => newAuthority(new Date()));
}

/** The server's certificate, renewed in time and whenever it is asked to stand for further names. */
async function keptIdentity(directory: Directory, authority: Identity, names: readonly string[]): Promise<Identity> {
  const identity = known(directory, 'server');
  if (identity !== undefined && isSignedBy(identity, authority) && stillGood(identity.certificate, names, new Date())) {
    return identity;
  }
  return await kept(directory, 'server', () => newServerIdentity(authority, names, new Date()));
}
