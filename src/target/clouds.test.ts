import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudEndpoints, customCloud } from './clouds.ts';

const require = createRequire(import.meta.url);
const clouds = Object.values(cloudEndpoints);

/** The hosts a library ships, read from its own code: neither exports its list. */
function hostsIn(file: string): ReadonlySet<string> {
  return new Set(readFileSync(file, 'utf8').match(/\b[a-z0-9-]+(\.[a-z0-9-]+)+\b/g));
}

test('each Graph host is one the Graph client sends its token to', () => {
  const known = hostsIn(join(dirname(require.resolve('@microsoft/microsoft-graph-client')), 'Constants.js'));
  expect(known).toContain('graph.microsoft.com');
  for (const { graph } of clouds) expect(known).toContain(new URL(graph).host);
});

test('each sign-in host is one whose metadata MSAL carries, by the name it prefers', () => {
  // Of MSAL's own making: it is no dependency of ours.
  const common = join(dirname(require.resolve('@azure/msal-node/package.json')), '..', 'msal-common');
  const text = readFileSync(join(common, 'dist/authority/AuthorityMetadata.mjs'), 'utf8');
  const endpoints = new Set([...text.matchAll(/host: "([^"]+)"/g)].map(([, host]) => host));
  const preferred = new Set([...text.matchAll(/preferred_network: "([^"]+)"/g)].map(([, host]) => host));
  expect(endpoints.size).toBeGreaterThan(3);
  for (const { authority } of clouds) {
    expect(endpoints).toContain(new URL(authority).host);
    expect(preferred).toContain(new URL(authority).host);
  }
});

test('a cloud is origins over TLS, without a path', () => {
  for (const { graph, authority } of clouds) {
    for (const url of [graph, authority]) expect(url).toBe(new URL(url).origin);
    expect(new URL(graph).protocol).toBe('https:');
  }
  expect(customCloud('https://127.0.0.1:8443/v1.0', 'https://127.0.0.1:8443/x')).toEqual({
    name: 'custom',
    graph: 'https://127.0.0.1:8443',
    authority: 'https://127.0.0.1:8443',
  });
});
