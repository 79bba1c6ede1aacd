import { mkdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { openPage, startWorld } from './world.ts';

/** `npm run screenshots`: the pictures under docs/dashboard, of the demo's forest, in light and dark. */

const root = join(import.meta.dirname, '../..');
const out = join(root, 'docs', 'dashboard');
/** A picture in the repository stays small, in bytes. */
const largest = 200_000;

await using world = await startWorld();
await world.cycle('full');
for (const [from, to] of [
  ['title: Engineer', 'title: Senior Engineer'],
  ['physicalDeliveryOfficeName: Seattle', 'physicalDeliveryOfficeName: Redmond'],
  ['company: Contoso', 'company: Contoso Ltd'],
] as const) {
  world.editForest((text) => text.replaceAll(from, to));
  await world.cycle('delta');
}
world.removePeople(['Sales', 'Operations', 'Finance']);
const held = await world.cycle('delta');
await mkdir(out, { recursive: true });
for (const scheme of ['light', 'dark'] as const) {
  await using opened = await openPage(world, { scheme });
  await opened.page.setViewportSize({ width: 1200, height: 1080 });
  for (const [name, hash, heading] of [
    ['overview', '/', 'Overview'],
    ['cycle', '/cycles/1', 'Cycle 1'],
    ['hold', `/cycles/${held.id}/plan?state=held&type=update`, `Plan of cycle ${held.id}`],
    ['object', '/objects?by=userPrincipalName&value=ada.lovelace@contoso.test', 'Objects'],
  ] as const) {
    await opened.go(hash, heading);
    if (name === 'hold') {
      for (const box of (await opened.page.getByRole('checkbox', { name: /^Choose update/ }).all()).slice(0, 2))
        await box.check();
    }
    await opened.page.evaluate(() => document.fonts.ready);
    const path = join(out, `${name}-${scheme}.png`);
    await opened.page.screenshot({ path });
    const { size } = await stat(path);
    if (size > largest) throw new Error(`${relative(root, path)} has ${size} bytes`);
    console.log(`${relative(root, path)}  ${Math.round(size / 1000)} kB`);
  }
}
