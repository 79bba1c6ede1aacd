import { escapeFilter } from 'ldapts';
import type { Syntaxes } from './asked.ts';
import { needed } from './attributes.ts';
import { textOf } from './entry.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { AttributeType, ValueForm } from './wire/entry-decoder.ts';

/** Syntaxes whose values are bytes: octet string, NT security descriptor, SID ([MS-ADTS] 3.1.1.2.2.2). */
const bytes: ReadonlySet<string> = new Set(['2.5.5.10', '2.5.5.15', '2.5.5.17']);

const types: readonly AttributeType[] = [
  { name: 'lDAPDisplayName', form: 'text' },
  { name: 'attributeSyntax', form: 'text' },
];

/** Asks the directory's own schema how the values of these attributes look; those it does not have are left out. */
export async function syntaxesOf(
  connection: LdapConnection,
  schemaNamingContext: string,
  attributes: readonly string[],
): Promise<Syntaxes> {
  const names = [...needed, ...attributes].map((name) => escapeFilter`(lDAPDisplayName=${name})`);
  const { entries } = await connection.search({
    base: schemaNamingContext,
    scope: 'one',
    filter: `(&(objectClass=attributeSchema)(|${names.join('')}))`,
    types,
  });
  const found = new Map<string, ValueForm>();
  for (const entry of connection.decode(entries)) {
    const name = textOf(entry, 'lDAPDisplayName');
    if (name !== undefined)
      found.set(name.toLowerCase(), bytes.has(textOf(entry, 'attributeSyntax') ?? '') ? 'bytes' : 'text');
  }
  return found;
}
