import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masked, Redactor } from './redact.ts';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const base64url = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const jwt = `${base64url({ alg: 'RS256' })}.${base64url({ aud: 'https://graph', exp: 1 })}.${randomBytes(32).toString('base64url')}`;
const password = 'Corr3ct-Horse!';

/** Every kind of secret this program ever holds, each in the places it could slip into a log. */
const planted: Readonly<Record<string, { readonly canary: string; readonly fields: object }>> = {
  'the password a domain controller is bound with': { canary: password, fields: { bind: { user: 'svc', password } } },
  'a client secret': {
    canary: 'abc8Q~canary',
    fields: { credential: { clientId: 'app', clientSecret: 'abc8Q~canary' } },
  },
  'a client secret in a form': {
    canary: 'abc8Q~canary',
    fields: { body: 'grant_type=client_credentials&client_secret=abc8Q~canary&scope=x' },
  },
  'the key of a certificate': { canary: privateKey.split('\n')[1] ?? '', fields: { certificate: `x ${privateKey} y` } },
  'a key cut short': { canary: privateKey.split('\n')[1] ?? '', fields: { message: privateKey.slice(0, 120) } },
  'an access token': { canary: jwt, fields: { message: `answered with ${jwt}` } },
  'a client assertion': { canary: jwt, fields: { client_assertion: jwt } },
  'an Authorization header': {
    canary: 'Zm9vOmJhcjpiYXo',
    fields: {
      headers: { authorization: 'Basic Zm9vOmJhcjpiYXo=' },
      message: 'sent Authorization: Basic Zm9vOmJhcjpiYXo=',
    },
  },
  'a token in JSON text': {
    canary: 'opaque-canary',
    fields: { body: '{"access_token":"opaque-canary","expires_in":1}' },
  },
  'a password hash': {
    canary: '8846f7eaee8fb117ad06bdd830b7586c',
    fields: { ntHash: '8846f7eaee8fb117ad06bdd830b7586c' },
  },
  'a password attribute of AD': {
    canary: 'AAEC',
    fields: { attributes: { unicodePwd: 'AAEC', supplementalCredentials: 'AAEC' } },
  },
  'a password in a URL': { canary: password, fields: { url: `ldaps://svc:${password}@dc1.corp.test` } },
  'a passphrase': { canary: 'phrase-canary', fields: { passphrase: 'phrase-canary' } },
  'an API token': { canary: 'tok-canary', fields: { token: 'tok-canary', nested: [{ readerToken: 'tok-canary' }] } },
  cookies: { canary: 'sid=canary', fields: { cookie: 'sid=canary' } },
};

describe('redaction', () => {
  for (const [what, { canary, fields }] of Object.entries(planted)) {
    test(`masks ${what}`, () => {
      const line = JSON.stringify(new Redactor().fields(fields));
      expect(canary.length).toBeGreaterThan(3);
      expect(line).not.toContain(canary);
      expect(line).toContain(masked);
    });
  }

  test('masks a secret it was told wherever it stands, whatever it looks like', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!masked.includes(secret) && !secret.includes('*'));
        const redactor = new Redactor();
        redactor.know(secret);
        expect(redactor.text(`${before}${secret}${after}`)).not.toContain(secret);
      }),
    );
  });

  test('masks it in errors, lists and whatever is deeper down', () => {
    const redactor = new Redactor();
    redactor.know(password);
    const fields = redactor.fields({ error: new Error(`bind with ${password} failed`), list: [{ deep: [password] }] });
    expect(JSON.stringify(fields)).not.toContain(password);
  });

  test('takes a secret out of answers wherever it stands in them, and leaves all else', () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 30 }),
        text,
        text,
        fc.jsonValue(),
        (secret, before, after, rest) => {
          fc.pre(!secret.includes('*') && !JSON.stringify(rest).includes(JSON.stringify(secret).slice(1, -1)));
          const redactor = new Redactor();
          redactor.know(secret);
          const shown = redactor.json({ list: [{ text: `${before}${secret}${after}` }], rest });
          expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1));
          expect(JSON.parse(shown).rest).toEqual(JSON.parse(JSON.stringify(rest)));
          expect(redactor.json(rest)).toBe(JSON.stringify(rest));
        },
      ),
    );
  });

  test('leaves states, numbers and times of an answer what they are, also where a secret is a word of them', () => {
    const redactor = new Redactor();
    for (const secret of ['held', '2026', '7373', 'contoso']) redactor.know(secret);
    const answer = { state: 'held', at: '2026-11-25T12:00:00.000Z', url: 'http://127.0.0.1:7373', tenant: 'contoso' };
    expect(JSON.parse(redactor.json(answer))).toEqual(answer);
  });

  test('leaves alone what only sounds like a secret', () => {
    const fields = {
      tokenFile: '/data/token',
      pwdLastSet: '1340',
      passwordCount: 3,
      code: 'CS2002',
      clientId: 'app',
      userPrincipalName: 'a@b.c',
    };
    expect(new Redactor().fields(fields)).toEqual(fields);
  });
});
