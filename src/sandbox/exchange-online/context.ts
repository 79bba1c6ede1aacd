import type { Directory } from '../directory/index.ts';
import type { Profile } from '../profile.ts';

export interface ExchangeContext {
  readonly tenantId: string;
  readonly directory: Directory;
  profile(): Profile;
}

/** A value a cmdlet gives back; what it holds is JSON. */
export type CmdletOutput = Readonly<Record<string, unknown>>;
