import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Opened, openPage, startWorld, type World } from './world.ts';

/** What axe-core finds on each page, in light and dark, wide and narrow. */

let world: World;
let axe: string;
beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  world = await startWorld();
  await world.cycle('full');
  world.editForest((text) => text.replaceAll('title: Engineer', 'title: Senior Engineer'));
  await world.cycle('delta');
  world.removePeople(['Sales', 'Operations', 'Finance']);
  await world.cycle('delta');
});
afterAll(() => world[Symbol.asyncDispose]());

async function violations({ page }: Opened): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return await axe.run({ resultTypes: ['violations'] });
  });
  expect(found.passes.length).toBeGreaterThan(10);
  return found.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}

const pages = [
  ['/', 'Overview'],
  ['/cycles/1', 'Cycle 1'],
  ['/cycles/2/plan', 'Plan of cycle 2'],
  ['/cycles/3/plan?state=held', 'Plan of cycle 3'],
  ['/objects?text=k', 'Objects'],
  ['/objects?by=userPrincipalName&value=una.verified@fabrikam.test', 'Objects'],
  ['/objects?by=userPrincipalName&value=ada.lovelace@contoso.test', 'Objects'],
  ['/problems', 'Problems'],
  ['/history', 'Provisioning log'],
  ['/log', 'Log'],
  ['/configuration', 'Configuration'],
] as const;

for (const scheme of ['light', 'dark'] as const) {
  describe(`in ${scheme}, nothing is found`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await openPage(world, { scheme });
    });
    afterAll(() => opened[Symbol.asyncDispose]());

    for (const [hash, heading] of pages) {
      test(`on ${hash}`, async () => {
        await opened.go(hash, heading);
        // What is folded away is looked at as well.
        await opened.page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true;
        });
        expect(await violations(opened)).toEqual([]);
      });
    }

    test('in the question before something is done', async () => {
      await opened.go('/cycles/3/plan?state=held', 'Plan of cycle 3');
      await opened.page.getByRole('button', { name: 'Approve everything held' }).click();
      await opened.page.getByRole('dialog').waitFor();
      expect(await violations(opened)).toEqual([]);
      await opened.page.keyboard.press('Escape');
    });

    test('on a telephone, which scrolls no page sideways', async () => {
      await opened.page.setViewportSize({ width: 360, height: 740 });
      for (const [hash, heading] of pages) {
        await opened.go(hash, heading);
        const over = await opened.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(over, hash).toBeLessThanOrEqual(0);
      }
      expect(await violations(opened)).toEqual([]);
    });
  });
}
