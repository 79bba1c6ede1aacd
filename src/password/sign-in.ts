import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { parseAccount } from './account.ts';
import { drsuapi } from './drsr/interface.ts';
import { ReplicationSession } from './drsr/session.ts';
import { ServerNameNeededError, SignInRefusedError } from './errors.ts';
import { askKdc } from './kerberos/kdc.ts';
import { keyFromKeytab } from './kerberos/keytab.ts';
import { KerberosSecurity } from './kerberos/security.ts';
import { serviceTicket } from './kerberos/tickets.ts';
import { NtlmSecurity } from './ntlm/security.ts';
import { serverName } from './ntlm/server-name.ts';
import type { PasswordReaderOptions } from './reader.ts';
import { findPort } from './rpc/endpoint-mapper.ts';

/** One domain controller as it is reached. */
export interface ReplicationServer {
  /** DNS name or address. */
  readonly address: string;
  /** The DNS name by which Kerberos knows it. */
  readonly hostName: string | undefined;
}

/** Takes what the configuration says of a server: a name, an address, or the URL it is read by. */
export function parseServer(text: string): ReplicationServer {
  const host = URL.canParse(text) && text.includes('://') ? new URL(text).hostname : text;
  const address = host.replace(/^\[|\]$/g, '');
  return { address, hostName: isIP(address) === 0 ? address.toLowerCase() : undefined };
}

/** Signs in at a server and opens its replication service. */
export async function signIn(
  options: PasswordReaderOptions,
  server: ReplicationServer,
  signal: AbortSignal,
): Promise<ReplicationSession> {
  const port = options.port ?? (await findPort(server.address, drsuapi, signal));
  return options.signIn === 'kerberos'
    ? await byKerberos(options, server, port, signal)
    : await byNtlm(options, server, port, signal);
}

async function byKerberos(
  { domain, user, credential, now }: PasswordReaderOptions,
  { address, hostName }: ReplicationServer,
  port: number,
  signal: AbortSignal,
): Promise<ReplicationSession> {
  const account = parseAccount(user);
  const realm = domain.toUpperCase();
  const name = hostName ?? (await nameInDomain(address, port, domain, signal));
  const given = credential();
  const byKeytab = 'keytab' in given;
  const secret = byKeytab ? { key: keyFromKeytab(given.keytab, account.name, realm) } : given;
  const request = { server: address, user, client: account.kerberos, realm, secret, now, random: randomBytes };
  try {
    const ask = (question: Uint8Array) => askKdc(address, question, signal);
    const ticket = await serviceTicket({ ...request, ask }, name);
    const service = `host/${name}`;
    const security = new KerberosSecurity({ server: address, user, service, ticket, now, random: randomBytes });
    return await ReplicationSession.open(
      { server: address, port, domain, user, security, hostName: () => name },
      signal,
    );
  } finally {
    if ('key' in secret) secret.key.fill(0);
  }
}

async function byNtlm(
  { domain, user, credential, now }: PasswordReaderOptions,
  { address, hostName }: ReplicationServer,
  port: number,
  signal: AbortSignal,
): Promise<ReplicationSession> {
  const account = parseAccount(user);
  const given = credential();
  if ('keytab' in given) throw new SignInRefusedError(address, user, 'NTLM signs in by password, not by keytab');
  const workstation = hostname().split('.')[0]?.toUpperCase() ?? '';
  const security = new NtlmSecurity(
    address,
    { ...account.ntlm, password: given.password, workstation },
    { clientChallenge: randomBytes(8), exportedKey: randomBytes(16), now: now() },
  );
  return await ReplicationSession.open(
    { server: address, port, domain, user, security, hostName: () => hostName ?? security.serverName },
    signal,
  );
}

async function nameInDomain(address: string, port: number, domain: string, signal: AbortSignal): Promise<string> {
  const name = await serverName(address, port, drsuapi, signal);
  if (!name.endsWith(`.${domain.toLowerCase()}`)) {
    throw new ServerNameNeededError(address, `it calls itself ${name}, which is not in ${domain}`);
  }
  return name;
}
