import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath } from './path.ts';

const text = (value: string) => ({ kind: 'text', text: value });

describe('a path', () => {
  test.each([
    ['/users', [text('users')]],
    ['/users/delta', [text('users'), text('delta')]],
    ['/users/delta()', [text('users'), text('delta')]],
    ['/users/microsoft.graph.delta()', [text('users'), text('delta')]],
    ["/users('a@b.test')", [text('users'), text('a@b.test')]],
    ['/users/%61%40b.test/manager/$ref', [text('users'), text('a@b.test'), text('manager'), text('$ref')]],
    [
      '/directory/deletedItems/microsoft.graph.user',
      [text('directory'), text('deletedItems'), { kind: 'cast', text: 'user' }],
    ],
    [
      "/groups(uniqueName='a/b')/members",
      [text('groups'), { kind: 'alternate', key: { name: 'uniqueName', value: 'a/b' } }, text('members')],
    ],
    [
      '/groups%28uniqueName=%27a%2Fb%27%29',
      [text('groups'), { kind: 'alternate', key: { name: 'uniqueName', value: 'a/b' } }],
    ],
    ["/users/o'neil@b.test", [text('users'), text("o'neil@b.test")]],
  ])('%s', (path, expected) => {
    expect(parsePath(path)).toEqual(expected);
  });

  test('gives back every alternate key it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const quoted = encodeURIComponent(value.replaceAll("'", "''"));
        expect(parsePath(`/groups(uniqueName='${quoted}')`)).toEqual([
          text('groups'),
          { kind: 'alternate', key: { name: 'uniqueName', value } },
        ]);
      }),
    );
  });
});
