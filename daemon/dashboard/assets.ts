import { readFileSync } from 'node:fs';
import { PageMissingError } from '../api/errors.ts';

/**
 * The page as `build/dashboard.ts` makes it of `page/`. In a checkout it is read anew each time; the bundle carries the
 * texts themselves.
 */
export const assets = {
  'index.html': () => readFileSync(new URL('./page/index.html', import.meta.url), 'utf8'),
  'icon.svg': () => readFileSync(new URL('./page/icon.svg', import.meta.url), 'utf8'),
  'dashboard.js': () =>
    built(() => readFileSync(new URL('../../build/out/dashboard/dashboard.js', import.meta.url), 'utf8')),
  'dashboard.css': () =>
    built(() => readFileSync(new URL('../../build/out/dashboard/dashboard.css', import.meta.url), 'utf8')),
};

function built(read: () => string): string {
  try {
    return read();
  } catch (error) {
    throw new PageMissingError(error);
  }
}
