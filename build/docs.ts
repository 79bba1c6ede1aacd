import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudSyncError, type ErrorClass } from '../src/model/index.ts';
import { configurationPage } from './configuration-page.ts';
import { remedies } from './error-remedies.ts';
import { eventsPage } from './events-page.ts';
import { expressionsPage } from './expressions-page.ts';
import { mappingsPage } from './mappings-page.ts';

/** `npm run docs`: the pages under docs/ that are made from the code. */

const root = join(import.meta.dirname, '..');

interface Cause extends ErrorClass {
  readonly className: string;
  /** The comment on the class. */
  readonly meaning: string;
  readonly remedy: string;
}

type ConcreteClass = ErrorClass & { readonly name: string };

function isCause(value: unknown): value is ConcreteClass {
  return typeof value === 'function' && value.prototype instanceof CloudSyncError && 'code' in value;
}

/** Every error class of the product, by code. */
export async function causes(): Promise<readonly Cause[]> {
  const found: Cause[] = [];
  for (const file of globSync('{src,daemon,build}/**/*errors.ts', { cwd: root })) {
    const source = await readFile(join(root, file), 'utf8');
    const remedyOf = remedies(source);
    const exported: Record<string, unknown> = await import(join(root, file));
    for (const value of Object.values(exported)) {
      if (!isCause(value)) continue;
      const { code, title, retry, name } = value;
      found.push({ code, title, retry, className: name, meaning: meaningOf(source, name), remedy: remedyOf(name) });
    }
  }
  return found.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function meaningOf(source: string, className: string): string {
  const [, comment = ''] =
    source.match(new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*export class ${className}\\b`)) ?? [];
  return comment
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const rooms: Readonly<Record<string, string>> = {
  CS1: 'Configuration and command line',
  CS2: 'Directories',
  CS3: 'Rules',
  CS4: 'Tenant',
  CS5: 'State',
  CS6: 'Engine',
  CS7: 'Daemon and API',
  CS8: 'Sandbox tenant',
  CS9: 'Passwords',
};

export async function errorsPage(): Promise<string> {
  const lines = [
    '# Errors',
    '',
    'Every error carries a code, which is the same in the log, in the API’s problem documents and in PowerShell’s',
    '`FullyQualifiedErrorId`. Its message names the object, and the remedy says what to do: here with {braces} for what it',
    'then names. *Retry*: never (the same call gives the same answer), later (with the next cycle), after (when the time',
    'it names has passed).',
    '',
    'This page is made from the code by `npm run docs`.',
  ];
  let room: string | undefined;
  for (const { code, title, retry, meaning, remedy } of await causes()) {
    const next = code.slice(0, 3);
    if (next !== room) {
      room = next;
      lines.push(
        '',
        `## ${rooms[room] ?? room}`,
        '',
        '| code | cause | retry | what to do |',
        '| --- | --- | --- | --- |',
      );
    }
    const cause = meaning === '' ? title : `${title}. ${meaning}`;
    lines.push(`| ${code} | ${cause.replaceAll('|', '\\|')} | ${retry} | ${remedy.replaceAll('|', '\\|')} |`);
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) {
  await mkdir(join(root, 'docs'), { recursive: true });
  await writeFile(join(root, 'docs', 'configuration.md'), configurationPage());
  await writeFile(join(root, 'docs', 'errors.md'), await errorsPage());
  await writeFile(join(root, 'docs', 'events.md'), eventsPage());
  await writeFile(join(root, 'docs', 'expressions.md'), expressionsPage());
  await writeFile(join(root, 'docs', 'mappings.md'), mappingsPage());
}
