import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a client reaches the tenant and signs in. */
export interface SandboxAccess {
  /** Origin of Graph: `https://127.0.0.1:8443`. */
  readonly graphUrl: string;
  /** Origin of the sign-in service. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM file of the authority to trust. */
  readonly ca: string;
  /** What drives the sandbox from outside, and the secret it asks for. */
  readonly admin: { readonly url: string; readonly secret: string };
}

/** `sandbox.json`: there while the sandbox serves, and its owner's alone. */
export function accessFile(folder: string): string {
  return join(folder, 'sandbox.json');
}

export function writeAccess(folder: string, access: SandboxAccess): void {
  const file = accessFile(folder);
  // In one step: who waits for the file never reads half of it.
  writeFileSync(`${file}.new`, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeAccess(folder: string): void {
  rmSync(accessFile(folder), { force: true });
}
