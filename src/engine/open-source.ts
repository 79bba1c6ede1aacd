import { type LoadedConfiguration, resolveBytes, resolveFile, resolvePath, resolveSecret } from '../config/index.ts';
import type { ConnectorName } from '../model/index.ts';
import { openPasswordReader, type PasswordReader, type PasswordReaderOptions } from '../password/index.ts';
import {
  type DomainControllersOptions,
  findServers,
  openActiveDirectory,
  openLdif,
  type Source,
} from '../source/index.ts';
import type { Connector } from './context.ts';
import type { Environment } from './open.ts';

/** Opens the directory behind a connector as the configuration describes it; nothing is connected to yet. */
export function openSource(configuration: LoadedConfiguration, environment: Environment, connector: Connector): Source {
  const { name, domain } = connector;
  const file = ldifOf(configuration, connector);
  return file === undefined
    ? openActiveDirectory({ connector: name, ...directoryOptions(configuration, environment, connector) })
    : openLdif({ connector: name, domain, file });
}

/** The file a connector reads in place of a domain controller. */
export function ldifOf(configuration: LoadedConfiguration, connector: Connector): string | undefined {
  const { ldif } = domainOf(configuration, connector);
  return ldif === undefined ? undefined : resolvePath(configuration, ldif);
}

/** How the domain controllers of a connector are found, signed in to and trusted. */
export function directoryOptions(
  configuration: LoadedConfiguration,
  { env, vault, now }: Environment,
  connector: Connector,
): DomainControllersOptions {
  const { name, domain } = connector;
  const { servers, bind, tls, clearText, dns } = domainOf(configuration, connector);
  if (bind === undefined) throw new Error(`domain ${domain} has no account`);
  return {
    domain,
    servers: async () => servers ?? (await findServers({ domain, dns })),
    user: bind.user,
    password: () => resolveSecret(configuration, env, `${bind.user} of ${name}`, bind.password, vault),
    tls: {
      ca: tls?.ca === undefined ? undefined : resolveFile(configuration, `${name}.tls.ca`, tls.ca),
      fingerprint: tls?.fingerprint,
      serverName: tls?.serverName,
    },
    clearText,
    now,
  };
}

/** Opens the replication service behind a connector, for its passwords; an LDIF file holds none. */
export function openPasswords(
  configuration: LoadedConfiguration,
  environment: Environment,
  connector: Connector,
): PasswordReader | undefined {
  const options = passwordOptions(configuration, environment, connector);
  return options === undefined ? undefined : openPasswordReader(options);
}

/** How the replication service of a connector is signed in to; nothing for an LDIF file. */
export function passwordOptions(
  configuration: LoadedConfiguration,
  { env, vault, now }: Environment,
  connector: Connector,
): PasswordReaderOptions | undefined {
  const { name, domain } = connector;
  const { ldif, servers, bind, replication = bind, dns } = domainOf(configuration, connector);
  if (ldif !== undefined || replication === undefined) return undefined;
  const { user } = replication;
  return {
    domain,
    servers: async () => servers ?? (await findServers({ domain, dns })),
    user,
    credential: () => {
      if ('keytab' in replication && replication.keytab !== undefined)
        return { keytab: resolveBytes(configuration, `the keytab of ${user}`, replication.keytab) };
      if (replication.password === undefined) throw new Error('the account has neither password nor keytab');
      return { password: resolveSecret(configuration, env, `${user} of ${name}`, replication.password, vault) };
    },
    signIn: configuration.document.passwords.signIn,
    now,
  };
}

/** The document's entry of a connector. */
function domainOf({ document }: LoadedConfiguration, { forest, domain }: Connector) {
  const found = document.forests.find(({ name }) => name === forest)?.domains.find(({ name }) => name === domain);
  if (found === undefined) throw new Error(`the configuration has no domain ${forest}/${domain}`);
  return found;
}

export function connectorNamed(connectors: readonly Connector[], name: ConnectorName): Connector {
  const found = connectors.find((connector) => connector.name === name);
  if (found === undefined) throw new Error(`no connector is called ${name}`);
  return found;
}
