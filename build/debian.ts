import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** The real parts the tests run against. */
const packages = [
  'samba',
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
  'ldb-tools',
  'slapd',
  'ldap-utils',
  'krb5-user',
  'chromium',
  // For promtool, which tells when an alert rule fires.
  'prometheus',
];

const policy = '/usr/sbin/policy-rc.d';

/** Installs what is missing, or throws with the one line that does. Starts none of the services. */
export function needDebianPackages(): void {
  const missing = packages.filter((name) => !installed(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The tests need Debian packages. Run: apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  process.stderr.write(`Installing Debian packages: ${missing.join(' ')}\n`);
  const keepPolicy = existsSync(policy);
  if (!keepPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  } finally {
    if (!keepPolicy) rmSync(policy);
  }
}

function installed(name: string): boolean {
  const { stdout } = spawnSync('dpkg', ['--status', name], { encoding: 'utf8' });
  return stdout?.includes('\nStatus: install ok installed') ?? false;
}

function apt(...words: string[]): void {
  const { status, stdout, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...words], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`apt-get ${words.join(' ')} failed:\n${stdout}${stderr}`);
}
