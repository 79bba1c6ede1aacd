import { randomInt } from 'node:crypto';

const classes = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '!#$%&*+-.:=?@_~'] as const;
const length = 40;

/**
 * The password a user is made with, which nobody learns: Graph makes no user without one. 40 characters of 70, of all
 * four classes; from the system's randomness, never from an injected one.
 */
export function initialPassword(): string {
  const pick = (from: string): string => from.charAt(randomInt(from.length));
  const characters = [
    ...classes.map(pick),
    ...Array.from({ length: length - classes.length }, () => pick(classes.join(''))),
  ];
  for (let i = characters.length - 1; i > 0; i -= 1) {
    const j = randomInt(i + 1);
    [characters[i], characters[j]] = [characters[j] ?? '', characters[i] ?? ''];
  }
  return characters.join('');
}
