import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { bundleDashboard } from '../../build/dashboard.ts';
import { openDataFolder } from '../../daemon/data-folder.ts';
import { writeDemoFiles } from '../../daemon/demo/setup.ts';
import { openService, type Service } from '../../daemon/service.ts';
import { loadConfiguration } from '../../src/config/index.ts';
import type { Cycle } from '../../src/engine/index.ts';
import { sendJson } from '../daemon/http.ts';
import { httpsJson } from '../e2e/https-json.ts';

/** The demo forest, the sandbox tenant, the daemon between them, and a real browser in front. */
export interface World extends AsyncDisposable {
  readonly service: Service;
  readonly browser: Browser;
  readonly url: string;
  readonly token: string;
  readonly readerToken: string;
  readonly data: string;
  readonly lines: readonly string[];
  /** Reads the tenant itself. */
  readonly tenant: ReturnType<typeof httpsJson>;
  /** What is told of the time to links and sessions. */
  advance(milliseconds: number): void;
  cycle(type: 'delta' | 'full'): Promise<Cycle>;
  /** Edits what each domain holds. */
  editForest(edit: (text: string) => string): void;
  /** Takes the people of some departments out of the forest. */
  removePeople(departments: readonly string[]): void;
  link(role?: 'operator' | 'reader'): Promise<string>;
}

/** With a configuration in place of the demo's, on request. */
export async function startWorld(configuration?: string): Promise<World> {
  await using disposables = new AsyncDisposableStack();
  await bundleDashboard();
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-dashboard-'));
  disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const data = disposables.use(openDataFolder(join(folder, 'data')));
  const files = writeDemoFiles(data.path);
  if (configuration !== undefined) writeFileSync(files.configuration, configuration);
  const lines: string[] = [];
  let ahead = 0;
  const service = disposables.use(
    await openService({
      configuration: loadConfiguration(files.configuration),
      folder: data,
      listen: { host: '127.0.0.1', port: 0 },
      logLevel: 'debug',
      echo: (line) => lines.push(line),
      env: { ...process.env, DIRECTORY_PASSWORD: 'none' },
      now: () => new Date(Date.now() + ahead),
      died: (error) => lines.push(`died: ${error.message}`),
    }),
  );
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      // Inside a container there is no second sandbox to be had.
      '--no-sandbox',
      '--force-prefers-reduced-motion',
      // What a name server in the wrong hands answers.
      '--host-resolver-rules=MAP rebound.test 127.0.0.1',
    ],
  });
  disposables.defer(() => browser.close());
  const token = readFileSync(service.tokens.operatorFile, 'utf8');
  const readerToken = readFileSync(service.tokens.readerFile, 'utf8');
  const { sandbox } = service;
  if (sandbox === undefined) throw new Error('the demo has no tenant');
  const kept = disposables.move();
  const editForest: World['editForest'] = (edit) => {
    for (const file of files.ldif) writeFileSync(file, edit(readFileSync(file, 'utf8')));
  };
  return {
    service,
    browser,
    url: service.url,
    token,
    readerToken,
    data: data.path,
    lines,
    tenant: httpsJson(sandbox),
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
    async cycle(type) {
      const { ended } = await service.cycles.start({ type, preview: false, trigger: 'manual' });
      return await ended;
    },
    editForest,
    removePeople(departments) {
      const gone = new RegExp(`^department: (${departments.join('|')})$`, 'm');
      editForest((text) =>
        text
          .split('\n\n')
          .filter((record) => !gone.test(record))
          .join('\n\n'),
      );
    },
    async link(role = 'operator') {
      const headers = { 'cloudsync-actor': 'ada' };
      const answer = await sendJson(service.url, token, 'POST', '/api/v1/dashboard/links', { role }, headers);
      return (JSON.parse(answer.text) as { url: string }).url;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A page of the dashboard, and everything its browser complained of or asked of anybody. */
export interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  /** Goes to one of the dashboard's pages and waits until it is there. */
  go(hash: string, heading: string): Promise<void>;
}

export async function openPage(
  world: World,
  { role = 'operator', scheme = 'light' }: { role?: 'operator' | 'reader'; scheme?: 'light' | 'dark' } = {},
): Promise<Opened> {
  const context = await world.browser.newContext({ colorScheme: scheme, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  context.on('request', (request) => requests.push(request.url()));
  page.setDefaultTimeout(60_000);
  await page.goto(await world.link(role));
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return {
    page,
    context,
    complaints,
    requests,
    async go(hash, heading) {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
