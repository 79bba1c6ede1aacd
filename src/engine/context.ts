import type { Configuration } from '../config/index.ts';
import { type ConnectorName, connectorName, type Dn, domainDn, type Log } from '../model/index.ts';
import type { PasswordReader } from '../password/index.ts';
import type { Rules } from '../rules/index.ts';
import type { Source } from '../source/index.ts';
import type { State } from '../state/index.ts';
import type { Target } from '../target/index.ts';

export interface Connector {
  readonly name: ConnectorName;
  readonly forest: string;
  readonly domain: string;
  readonly domainDn: Dn;
}

/** The readers a configuration asks for, one a domain. */
export function connectorsOf({ forests }: Configuration): readonly Connector[] {
  return forests.flatMap(({ name, domains }) =>
    domains.map((domain) => ({
      name: connectorName(name, domain.name),
      forest: name,
      domain: domain.name,
      domainDn: domainDn(domain.name),
    })),
  );
}

/** Those whose passwords can be read: an LDIF file has none. */
export const passwordConnectors = (configuration: Configuration): readonly ConnectorName[] =>
  configuration.forests.flatMap(({ name, domains }) =>
    domains.flatMap((domain) => (domain.ldif === undefined ? [connectorName(name, domain.name)] : [])),
  );

/** Everything a cycle works with, built by hand in `openEngine` and handed down. */
export interface EngineContext {
  readonly configuration: Configuration;
  readonly rules: Rules;
  readonly state: State;
  readonly target: Target;
  readonly connectors: readonly Connector[];
  /** Opens a connector's source, or gives the one that is open. */
  readonly source: (connector: ConnectorName) => Promise<Source>;
  /** The source that is open, or none. */
  readonly opened?: ((connector: ConnectorName) => Source | undefined) | undefined;
  /** Opens the reader of a connector's passwords, or gives the one that is open; nothing for an LDIF file. */
  readonly passwords?: ((connector: ConnectorName) => PasswordReader | undefined) | undefined;
  readonly now: () => Date;
  readonly log: Log;
}
