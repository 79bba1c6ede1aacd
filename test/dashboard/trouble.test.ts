import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, startWorld, type World } from './world.ts';

/** A domain whose domain controllers do not answer. */

let world: World;
beforeAll(async () => {
  world = await startWorld(`version: 1
tenant: { id: contoso.test, cloud: sandbox }
forests:
  - name: contoso
    domains:
      - name: lost.contoso.test
        servers: ["ldaps://127.0.0.1:9", "ldaps://127.0.0.1:10"]
        bind: { user: reader@lost.contoso.test, password: { env: DIRECTORY_PASSWORD } }
`);
});
afterAll(() => world[Symbol.asyncDispose]());

test('is shown with what failed at each, what to do, and the way out of its quarantine', async () => {
  for (let i = 0; i < 3; i += 1) await world.cycle('delta');
  await using opened = await openPage(world);
  const { page } = opened;
  const row = page
    .getByRole('region', { name: 'Domains of contoso' })
    .getByRole('row', { name: /^lost\.contoso\.test/ });
  await row.getByText('quarantined').waitFor();
  const controllers = row.getByRole('listitem');
  await controllers.filter({ hasText: /^ldaps:\/\/127\.0\.0\.1:9 failed 3 times/ }).waitFor();
  await controllers.filter({ hasText: /^ldaps:\/\/127\.0\.0\.1:10 failed 3 times/ }).waitFor();
  expect(await row.textContent()).toMatch(/CS2\d{3}/);
  await row.getByRole('button', { name: 'Try again now' }).click();
  await page.getByRole('status').filter({ hasText: 'The next cycle tries again.' }).waitFor();
  await row.getByText('quarantined').waitFor({ state: 'detached' });
  await opened.go('/cycles/1', 'Cycle 1');
  await page.getByRole('heading', { name: 'contoso/lost.contoso.test could not be read' }).waitFor();
  expect(opened.complaints).toEqual([]);
});
