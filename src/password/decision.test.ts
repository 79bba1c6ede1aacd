import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSid } from '../model/index.ts';
import { decidePassword, type PasswordRules, type PasswordSubject, skipReasons } from './decision.ts';

const rules: PasswordRules = { selective: 'everyone', forceChange: false };
const anna: PasswordSubject = {
  objectClass: ['top', 'person', 'organizationalPerson', 'user'],
  sid: parseSid('S-1-5-21-1-2-3-1104'),
  sAMAccountName: 'anna',
  userAccountControl: 0x200,
  adminDescription: undefined,
  synced: true,
  signsIn: true,
  password: 'hash',
  mustChange: false,
};

function reason(change: Partial<PasswordSubject>, by: Partial<PasswordRules> = {}): string {
  const decision = decidePassword({ ...anna, ...change }, { ...rules, ...by });
  return decision.send ? 'sent' : decision.reason;
}

describe('whose password is sent', () => {
  test('that of an enabled user of this sync', () => {
    expect(decidePassword(anna, rules)).toEqual({ send: true, forceChangeOnLogon: false });
  });

  test('not that of a computer, a managed service account or an inetOrgPerson, though AD counts them as users', () => {
    for (const more of ['computer', 'inetOrgPerson', 'INETORGPERSON']) {
      expect(reason({ objectClass: [...anna.objectClass, more] })).toBe('notUser');
    }
    const managed = [...anna.objectClass, 'computer', 'msDS-GroupManagedServiceAccount'];
    expect(reason({ objectClass: managed })).toBe('notUser');
  });

  test('not that of a contact', () => {
    expect(reason({ objectClass: ['top', 'person', 'organizationalPerson', 'contact'] })).toBe('notUser');
  });

  test('not that of a trust, whatever class it has', () => {
    for (const bit of [0x800, 0x1000, 0x2000]) expect(reason({ userAccountControl: bit })).toBe('notUser');
  });

  test('not that of krbtgt, by its number or by its name', () => {
    expect(reason({ sid: parseSid('S-1-5-21-1-2-3-502') })).toBe('notUser');
    expect(reason({ sAMAccountName: 'krbtgt_12345' })).toBe('notUser');
    expect(reason({ sAMAccountName: 'krbtgt-fan' })).toBe('sent');
    expect(reason({ sid: parseSid('S-1-5-21-1-2-3-1502') })).toBe('sent');
  });

  test('not that of a user out of scope', () => {
    expect(reason({ synced: false })).toBe('notSynced');
  });

  test('not that of a joined account, where another of the same person signs in', () => {
    expect(reason({ signsIn: false })).toBe('otherAccount');
    expect(reason({ signsIn: false, synced: false })).toBe('notSynced');
  });

  test('not that of a disabled user, and again once enabled', () => {
    expect(reason({ userAccountControl: 0x202 })).toBe('disabled');
    expect(reason({ userAccountControl: 0x200 })).toBe('sent');
  });

  test('that of a user who must sign in by smart card, so that the old password ends', () => {
    expect(reason({ userAccountControl: 0x40200 })).toBe('sent');
  });

  test('nothing for an account without a password, or with the empty one', () => {
    expect(reason({ password: 'none' })).toBe('noPassword');
    expect(reason({ password: 'empty' })).toBe('emptyPassword');
    expect(reason({ password: 'damaged' })).toBe('damagedPassword');
  });
});

describe('selective sync', () => {
  test('leaves out who is marked so', () => {
    expect(reason({ adminDescription: 'PHSFiltered' }, { selective: 'exceptFiltered' })).toBe('filtered');
    expect(reason({ adminDescription: 'phsfiltered' }, { selective: 'exceptFiltered' })).toBe('filtered');
    expect(reason({ adminDescription: 'PHSFiltered.' }, { selective: 'exceptFiltered' })).toBe('sent');
    expect(reason({}, { selective: 'exceptFiltered' })).toBe('sent');
  });

  test('takes only who is marked so', () => {
    expect(reason({ adminDescription: 'PHSIncluded' }, { selective: 'onlyIncluded' })).toBe('sent');
    expect(reason({}, { selective: 'onlyIncluded' })).toBe('notIncluded');
  });

  test('looks at no mark when off', () => {
    expect(reason({ adminDescription: 'PHSFiltered' })).toBe('sent');
  });
});

describe('a temporary password', () => {
  test('is kept back where the tenant does not take it', () => {
    expect(reason({ mustChange: true })).toBe('temporary');
  });

  test('is sent with the order to change it where the tenant takes it', () => {
    const decision = decidePassword({ ...anna, mustChange: true }, { ...rules, forceChange: true });
    expect(decision).toEqual({ send: true, forceChangeOnLogon: true });
  });
});

test('every account gets a decision, a kept-back one a reason in words, and no mark brings back who is no user', () => {
  const subject = fc.record<PasswordSubject>({
    objectClass: fc.subarray(['top', 'user', 'computer', 'inetOrgPerson', 'contact']),
    sid: fc.constantFrom(undefined, anna.sid, parseSid('S-1-5-21-1-2-3-502')),
    sAMAccountName: fc.option(fc.string(), { nil: undefined }),
    userAccountControl: fc.nat(),
    adminDescription: fc.constantFrom(undefined, 'PHSFiltered', 'PHSIncluded', 'other'),
    synced: fc.boolean(),
    signsIn: fc.boolean(),
    password: fc.constantFrom('hash', 'empty', 'none', 'damaged'),
    mustChange: fc.boolean(),
  });
  const by = fc.record<PasswordRules>({
    selective: fc.constantFrom('everyone', 'exceptFiltered', 'onlyIncluded'),
    forceChange: fc.boolean(),
  });
  fc.assert(
    fc.property(subject, by, (one, with_) => {
      const decision = decidePassword(one, with_);
      if (!decision.send) expect(skipReasons[decision.reason]).not.toBe('');
      else {
        expect(one).toMatchObject({ synced: true, signsIn: true, password: 'hash' });
        expect(one.objectClass).toContain('user');
        expect(one.userAccountControl & 0x3802).toBe(0);
        expect(decision.forceChangeOnLogon).toBe(one.mustChange);
      }
    }),
  );
});
