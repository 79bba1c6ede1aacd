import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendJson } from '../daemon/http.ts';
import { type Opened, openPage, startWorld, type World } from './world.ts';

/** The dashboard as people use it: a real browser, the real daemon, the demo's forest and tenant. */

/** A busy machine takes its time. */
const patience = { timeout: 60_000 };

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** The browser had nothing to complain of, the page's policy included, and asked nobody but the daemon. */
function expectQuiet({ complaints, requests }: Opened): void {
  expect(complaints).toEqual([]);
  expect([...new Set(requests.map((url) => new URL(url).origin))]).toEqual([world.url]);
}

const users = async (filter: string): Promise<readonly string[]> => {
  const path = `/v1.0/users?$count=true&$top=999&$filter=${encodeURIComponent(filter)}`;
  const { value } = await world.tenant<{ value: readonly { displayName: string }[] }>(path);
  return value.map(({ displayName }) => displayName);
};

describe('a cycle', () => {
  test('is started, followed through its phases and shown to its end', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const status = document.querySelector('.said');
      if (status === null) throw new Error('nothing is announced');
      new MutationObserver(() => said.push(status.textContent ?? '')).observe(status, {
        childList: true,
        subtree: true,
        characterData: true,
      });
    });
    await page.getByRole('button', { name: 'Full cycle' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start: full cycle?' });
    expect(await dialog.textContent()).toContain('compares all with the tenant');
    await dialog.getByRole('button', { name: 'Start full cycle' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cycle 1' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Cycle 1 ended: succeeded.' }).waitFor();
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said.some((text) => text.startsWith('Cycle 1 writes to the tenant.'))).toBe(true);
    const phases = page.getByRole('region', { name: 'Time and speed of each phase' }).getByRole('row');
    expect(await phases.locator('th').allTextContents()).toEqual(
      expect.arrayContaining(['Import', 'Evaluate', 'Confirm', 'Plan', 'Export']),
    );
    expect(await phases.nth(1).textContent()).toMatch(/^Importreads the domain controllers[\d.]+ s622[\d,]+$/);
    expect(await phases.nth(5).textContent()).toMatch(/^Exportwrites to the tenant[\d.]+ s1,146[\d,]+$/);
    await page.getByRole('columnheader', { name: 'Organizational unit, the first 12' }).waitFor();
    await page.getByRole('link', { name: /^1,146 operations, each/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Plan of cycle 1' }).waitFor();
    await page.getByLabel('Name or DN').fill('ada lovelace');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Ada Lovelace', exact: true }).first().waitFor();
    expectQuiet(opened);
  });

  test('is in the chart and in the table that says the same', async () => {
    await world.cycle('delta');
    await using opened = await openPage(world);
    const { page } = opened;
    const chart = page.getByRole('img', { name: /speed of the last 2 cycles; the most changes, 2622, in cycle 1/ });
    await chart.locator('canvas').waitFor();
    const row = page.getByRole('row', { name: /^1 full succeeded/ });
    expect(await row.textContent()).toContain('2,622');
    await page.getByRole('region', { name: 'Agent' }).getByText('online').waitFor();
    const domains = page.getByRole('region', { name: 'Domains of contoso' });
    expect(await domains.textContent()).toContain('corp.contoso.testhealthy');
    expectQuiet(opened);
  });
});

describe('what is held', () => {
  test('is searched, approved one by one and then all, and only then leaves the tenant', async () => {
    const all = await users('accountEnabled eq true or accountEnabled eq false');
    const alone = (await users("department eq 'Sales'")).filter(
      (name) => /^[A-Za-z ]+$/.test(name) && all.filter((other) => other.includes(name)).length === 1,
    );
    const [first = '', second = ''] = alone;
    world.removePeople(['Sales', 'Operations', 'Finance']);
    const held = await world.cycle('delta');
    expect(held.state).toBe('held');
    expect(await users("department eq 'Sales'")).toContain(first);
    await using opened = await openPage(world);
    const { page } = opened;
    await page.getByRole('link', { name: `${held.counts.held} operations held` }).click();
    await page.getByRole('heading', { level: 1, name: `Plan of cycle ${held.id}` }).waitFor();
    await page.getByLabel('Name or DN').fill(first.toUpperCase());
    await page.getByRole('button', { name: 'Search' }).click();
    const operations = page.getByRole('region', { name: 'Operations' }).getByRole('listitem');
    await expect.poll(() => operations.count(), patience).toBe(1);
    expect(await operations.textContent()).toContain('is deleted from the tenant');
    // Nobody approves with one click what a search hides.
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    await page.getByRole('checkbox', { name: `Choose delete ${first}` }).check();
    await page.getByRole('button', { name: 'Approve 1 chosen operation' }).click();
    const one = page.getByRole('dialog', { name: 'Approve 1 chosen operation?' });
    expect(await one.textContent()).toContain(`delete: 1 operation`);
    expect(await one.textContent()).toContain(held.heldDigest);
    await one.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.locator('.facts').getByText('held', { exact: true }).waitFor();
    expect(await users(`displayName eq '${first.replaceAll("'", "''")}' and department eq 'Sales'`)).toEqual([]);
    expect(await users("department eq 'Sales'")).toContain(second);

    const plan = page.getByRole('region', { name: 'Plan' });
    await plan.getByRole('link', { name: /operations held$/ }).click();
    await page.getByRole('button', { name: 'Approve everything held' }).click();
    const everything = page.getByRole('dialog', { name: 'Approve everything held?' });
    await everything.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.locator('.facts').getByText('succeeded', { exact: true }).waitFor();
    expect(await users("department eq 'Sales'")).toEqual([]);
    await opened.go('/history?action=approve', 'Provisioning log');
    const approvals = page.getByRole('region', { name: 'Provisioning log, newest first' }).getByRole('row');
    expect(await approvals.nth(1).textContent()).toContain('ada');
    expectQuiet(opened);
  });

  test('is not decided on by a digest that is past', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    const status = await page.evaluate(async () => {
      const response = await fetch('/api/v1/held/decision', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'cloudsync-session-key': localStorage.getItem('cloudsync-session-key') ?? '',
        },
        body: JSON.stringify({ verdict: 'approve', digest: 'past' }),
      });
      return response.status;
    });
    expect(status).toBe(409);
  });
});

describe('an object', () => {
  test('is found by the beginning of its name and explained from its domain controller to the tenant', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    await opened.go('/objects', 'Objects');
    await page.getByLabel(/Beginning of a name/).fill('max man');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('heading', { name: 'Found 1 object' }).waitFor();
    await page.getByRole('link', { name: 'Max Managed', exact: true }).click();
    await page.getByRole('heading', { name: /^Max Managed/ }).waitFor();
    const steps = page.locator('.path > li');
    expect(await steps.locator('h3').allTextContents()).toEqual([
      'Domain controller',
      'Source object',
      'Scope',
      'Match',
      'Attribute mappings',
      'Tenant object',
      'Next cycle',
      'History',
    ]);
    const text = (await steps.allTextContents()).join('\n');
    expect(text).toContain('corp.contoso.test.ldf');
    expect(text).toContain('CN=Max Managed,');
    expect(text).toContain('The whole domain is in scope.');
    expect(text).toContain('IIF(IsNullOrEmpty([displayName]),[cn],[displayName])');
    expect(text).toContain('Nothing: it is as it should be.');
    expect(text).toContain('Create success');
    expectQuiet(opened);
  });

  test('is one of a list, which pages on and is narrowed down by state, kind and domain', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    const heading = (name: string) => page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
    const found = page.locator('ul.found > li');
    await opened.go('/objects', 'Objects');
    await heading('The first 50 objects');
    await page.getByRole('button', { name: 'Show more objects' }).click();
    await heading('The first 100 objects');
    expect(
      new Set(await found.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).size,
    ).toBe(100);
    await page.getByLabel('State').selectOption({ label: 'Failed' });
    await page.getByRole('heading', { name: /^Found \d+ objects?$/ }).waitFor();
    const failed = await found.allTextContents();
    expect(failed.join()).toContain('Una Verified');
    expect(failed.filter((text) => !text.includes(' failed '))).toEqual([]);
    await page.getByLabel('State').selectOption({ label: 'Unsupported' });
    await page.getByLabel('Kind').selectOption({ label: 'Contact' });
    await page.getByLabel('Domain').selectOption({ label: 'corp.contoso.test' });
    await expect.poll(() => found.filter({ hasText: 'contact unsupported' }).count(), patience).toBeGreaterThan(5);
    expect(await found.filter({ hasNotText: 'contact unsupported' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Show more objects' }).count()).toBe(0);
    await page.getByLabel(/Beginning of a name/).fill('nobody at all');
    await page.getByRole('button', { name: 'Search' }).click();
    await heading('Nothing is called so');
    expectQuiet(opened);
  });

  test('that the tenant refuses is among the problems, with the remedy and the button to try again', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    await opened.go('/problems', 'Problems');
    const item = page.getByRole('listitem').filter({ hasText: 'Una Verified' }).first();
    expect(await item.textContent()).toContain('Verify the domain in the tenant');
    await item.getByRole('link').click();
    await page.getByRole('button', { name: 'Let the next cycle try it again' }).click();
    await page.getByRole('status').filter({ hasText: 'Una Verified follows the directory again' }).waitFor();
    expectQuiet(opened);
  });

  test('whose name is a script is a name', async () => {
    const name = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    world.editForest((text) => text.replace('displayName: Max Managed\n', `displayName: ${name}\n`));
    expect((await world.cycle('delta')).counts.updated).toBe(1);
    await using opened = await openPage(world);
    const { page } = opened;
    await opened.go(`/objects?${new URLSearchParams({ text: name.slice(0, 20) })}`, 'Objects');
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name }).waitFor();
    expect(await page.locator('img[src=x], main script').count()).toBe(0);
    expect(await page.title()).toBe('Objects - CloudSync');
    for (const [hash, heading] of [
      ['/history', 'Provisioning log'],
      ['/log', 'Log'],
    ] as const) {
      await opened.go(hash, heading);
      expect(await page.locator('img[src=x], main script').count()).toBe(0);
    }
    expectQuiet(opened);
  });
});

describe('the log', () => {
  test('goes on as it is written, and is narrowed down', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    await opened.go('/log', 'Log');
    await sendJson(world.url, world.token, 'POST', '/api/v1/suspend', { reason: 'a-word-of-its-own' });
    const lines = page.getByRole('region', { name: 'Log, newest first' }).getByRole('row');
    await lines.filter({ hasText: 'a-word-of-its-own' }).waitFor();
    await page.getByLabel('Contains').fill('A-WORD');
    await expect.poll(() => lines.count(), patience).toBe(2);
    await sendJson(world.url, world.token, 'POST', '/api/v1/resume');
    expectQuiet(opened);
  });
});

describe('the configuration', () => {
  test('shows its versions and what differs between two', async () => {
    const before = await sendJson(world.url, world.token, 'GET', '/api/v1/configuration');
    const { text, digest } = JSON.parse(before.text) as { text: string; digest: string };
    const headers = { 'If-Match': `"${digest}"`, 'cloudsync-actor': 'grace' };
    const body = { text: `${text}schedule: { delta: 7m }\n` };
    expect((await sendJson(world.url, world.token, 'PUT', '/api/v1/configuration', body, headers)).status).toBe(200);
    await using opened = await openPage(world);
    const { page } = opened;
    await opened.go('/configuration', 'Configuration');
    const row = page.getByRole('row', { name: /^schedule\.delta/ });
    expect(await row.textContent()).toBe('schedule.delta2m7m');
    await page.getByLabel('To version').selectOption({ label: '1 by start' });
    await page.getByText('Nothing differs.').waitFor();
    expectQuiet(opened);
  });
});

describe('a session', () => {
  test('of a reader shows everything and offers nothing that changes', async () => {
    await using opened = await openPage(world, { role: 'reader' });
    const { page } = opened;
    await page.getByText('ada, reader').waitFor();
    for (const [hash, heading] of [
      ['/', 'Overview'],
      ['/cycles/1', 'Cycle 1'],
      ['/cycles/1/plan', 'Plan of cycle 1'],
      ['/objects?by=userPrincipalName&value=una.verified@fabrikam.test', 'Objects'],
      ['/problems', 'Problems'],
    ] as const) {
      await opened.go(hash, heading);
      const buttons = (await page.getByRole('button').allTextContents()).map((text) => text.trim());
      const harmless = ['Skip to the content', 'Sign out', 'Search', 'Show more operations', 'Show more cycles'];
      expect(buttons.filter((name) => !harmless.includes(name))).toEqual([]);
    }
    expectQuiet(opened);
  });

  test('ends when one signs out', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
  });

  test('survives a reload and a second tab, and ends half an hour after its last use', async () => {
    await using opened = await openPage(world);
    const { page, context } = opened;
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const second = await context.newPage();
    await second.goto(`${world.url}/dashboard/`);
    await second.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expectQuiet(opened);
    world.advance(31 * 60_000);
    await second.reload();
    await second.getByRole('heading', { name: 'The session has ended' }).waitFor();
  });
});

describe('a link', () => {
  test('opens once; used again it is refused, and what it had opened is closed', async () => {
    const link = await world.link();
    const first = await world.browser.newContext();
    const page = await first.newPage();
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(page.url()).toBe(`${world.url}/dashboard/#/`);
    const second = await world.browser.newContext();
    const other = await second.newPage();
    const answer = await other.goto(link);
    expect(answer?.status()).toBe(410);
    await other.getByText('was used already').waitFor();
    expect(await second.cookies()).toEqual([]);
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
    await Promise.all([first.close(), second.close()]);
  });

  test('opens nothing a minute later', async () => {
    const link = await world.link();
    world.advance(61_000);
    const context = await world.browser.newContext();
    const page = await context.newPage();
    expect((await page.goto(link))?.status()).toBe(410);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test('leaves its key nowhere in the history, and a cookie no script reads', async () => {
    await using opened = await openPage(world);
    const { page, context } = opened;
    expect(await page.evaluate(() => [document.cookie, location.href, document.referrer])).toEqual([
      '',
      `${world.url}/dashboard/#/`,
      '',
    ]);
    const port = new URL(world.url).port;
    expect(await context.cookies(`${world.url}/api/v1/status`)).toMatchObject([
      { name: `cloudsync-${port}`, httpOnly: true, sameSite: 'Strict', path: '/api/v1', expires: -1 },
    ]);
  });
});

describe('the keyboard alone', () => {
  test('goes from the first link to an answered question, and always shows where it is', async () => {
    await using opened = await openPage(world);
    const { page } = opened;
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    const tabTo = async (name: string): Promise<void> => {
      for (let i = 0; i < 60; i += 1) {
        await page.keyboard.press('Tab');
        const shown = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === null) return false;
          const { outlineStyle, boxShadow } = getComputedStyle(element);
          return outlineStyle !== 'none' || boxShadow !== 'none';
        });
        expect(shown, `focus on ${await focused()}`).toBe(true);
        if ((await focused()) === name) return;
      }
      throw new Error(`Tab does not lead to ${name}`);
    };
    await tabTo('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await tabTo('Suspend');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Suspend the schedule?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Suspend');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Suspend' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Suspended' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await tabTo('Problems');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Problems' }).waitFor();
    await expect.poll(focused, patience).toBe('Problems');
    await sendJson(world.url, world.token, 'POST', '/api/v1/resume');
  });
});

test('none of it brought a defect to light, or a key into the log', () => {
  expect(world.lines.filter((line) => /"(requestFailed|threadEnded)"|^died/.test(line))).toEqual([]);
  expect(world.lines.join('\n')).not.toMatch(/dashboard\/open\/|session-key/);
});
