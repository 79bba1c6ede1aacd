import { z } from 'zod';
import type { GraphContext } from '../context.ts';

/** A provisioning job of a service principal: how the tenant's own sync engine would be configured. */
export interface Job {
  readonly id: string;
  readonly templateId: string;
  readonly state: 'Active' | 'Disabled' | 'Paused';
  /** Restarted since the quarantine of the profile: it does not stand in it any more. */
  readonly released: boolean;
  /** As it was put; the template's own when left out. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}

export interface Secret {
  readonly key: string;
  readonly value: string;
}

export interface Synchronization {
  readonly jobs: readonly Job[];
  readonly secrets: readonly Secret[];
}

const stored = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      templateId: z.string(),
      state: z.enum(['Active', 'Disabled', 'Paused']),
      released: z.boolean(),
      schema: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  secrets: z.array(z.object({ key: z.string(), value: z.string() })),
});

const factOf = (principal: string): string => `synchronization.${principal}`;

export function readSynchronization({ directory }: GraphContext, principal: string): Synchronization {
  const text = directory.facts.get(factOf(principal));
  return text === undefined ? { jobs: [], secrets: [] } : stored.parse(JSON.parse(text));
}

export function writeSynchronization({ directory }: GraphContext, principal: string, value: Synchronization): void {
  directory.facts.set(factOf(principal), JSON.stringify(value));
}

/** What a job can be made from. */
export const templates = [
  { id: 'AD2AADProvisioning', description: 'Active Directory to Microsoft Entra ID provisioning' },
  { id: 'AD2AADPasswordHash', description: 'Active Directory to Microsoft Entra ID password hash synchronization' },
  {
    id: 'AAD2ADExchangeHybridWriteback',
    description: 'Microsoft Entra ID to Active Directory Exchange hybrid writeback',
  },
  { id: 'API2AAD', description: 'API-driven provisioning to Microsoft Entra ID' },
] as const;
