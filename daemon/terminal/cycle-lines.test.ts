import { expect, test } from 'vitest';
import type { Cycle, CycleCounts } from '../../src/engine/index.ts';
import { cycleLine, phaseLine } from './cycle-lines.ts';

const none: CycleCounts = {
  read: 0,
  changed: 0,
  skipped: 0,
  created: 0,
  adopted: 0,
  updated: 0,
  disabled: 0,
  deleted: 0,
  restored: 0,
  membersAdded: 0,
  membersRemoved: 0,
  managersSet: 0,
  held: 0,
  waiting: 0,
  failed: 0,
  compared: 0,
  differing: 0,
};

function cycle(type: Cycle['type'], counts: Partial<CycleCounts>, preview = false): Cycle {
  return {
    id: 7,
    type,
    preview,
    trigger: 'manual',
    saved: false,
    state: 'succeeded',
    startedAt: '2026-01-31T10:00:00.000Z',
    endedAt: '2026-01-31T10:00:02.500Z',
    progress: null,
    phases: [],
    counts: { ...none, ...counts },
    digest: null,
    heldDigest: null,
    holds: [],
    error: null,
    connectorErrors: [],
  };
}

const line = (...given: Parameters<typeof cycle>): string => cycleLine(cycle(...given));

test('a full cycle that found the tenant right says so in one number, zero though it is', () => {
  expect(line('full', { read: 1_250, compared: 1_200 })).toBe(
    'Full cycle 7 succeeded in 2.5 s: 1,250 read, 0 of 1,200 differed from the tenant.\n',
  );
});

test('what else is zero is left out, and a cycle that compared nothing says nothing of it', () => {
  expect(line('delta', { updated: 2, compared: 3, differing: 2 })).toContain(
    ': 2 updated, 2 of 3 differed from the tenant.',
  );
  expect(line('delta', {})).toContain(': nothing to do.');
});

test('one is one, and a preview that counted nothing does not say that there is nothing to do', () => {
  expect(line('delta', { membersRemoved: 1, managersSet: 1 })).toContain(': 1 member removed, 1 manager set.');
  expect(line('undo', {}, true)).toBe('Undo cycle 7 (preview) succeeded in 2.5 s.\n');
});

test('phases that had something to do say how fast they were, the others nothing', () => {
  const startedAt = '2026-01-31T10:00:00.000Z';
  const phases = [
    { phase: 'import', startedAt, endedAt: '2026-01-31T10:00:02.500Z', done: 5_000 },
    { phase: 'evaluate', startedAt, endedAt: '2026-01-31T10:00:00.100Z', done: 0 },
    { phase: 'confirm', startedAt, endedAt: startedAt, done: 3 },
    { phase: 'plan', startedAt, endedAt: null, done: 7 },
  ] as const;
  expect(phaseLine({ ...cycle('full', {}), phases })).toBe(
    'Phases: import 5,000 in 2.5 s (2,000 a second), confirm 3 in 0.0 s (3,000 a second).\n',
  );
  expect(phaseLine(cycle('full', {}))).toBe('');
});
