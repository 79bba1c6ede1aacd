import { checkConfiguration } from '../../src/config/index.ts';
import { supportOf } from '../../src/engine/index.ts';
import { connectorName, type Dn, dn, parseObjectGuid, type SourceAttributes } from '../../src/model/index.ts';
import { compileRules, type Rules, type SourceView } from '../../src/rules/index.ts';
import { targetProfile } from '../../src/target/index.ts';
import { type BenchContext, machine, rounds, row } from './measure.ts';
import type { BenchRow } from './row.ts';

/** 100,000 users through scope, matching and the default mappings, by the time of one core. */
export async function rules({ quick, runs, seed, note }: BenchContext): Promise<readonly BenchRow[]> {
  const count = quick ? 5_000 : 100_000;
  const users = Array.from({ length: count }, (_, i) => sampleUser(i, seed));
  const targets = ['graph', 'syncApi'] as const;
  const compiled = targets.map((target) => rulesFor(target));
  const all = await rounds(runs, async () => {
    const round = compiled.map((one) => decideAll(one, users));
    note(round.map((seconds) => seconds.toFixed(2)).join(' and '));
    return round;
  });
  return targets.map((target, i) =>
    row({
      bench: 'RULES',
      what: `scope, match and map ${count} users with the defaults of ${target}, one core`,
      unit: 's',
      values: all.map((round) => round[i] ?? Number.NaN),
      goal: quick ? undefined : 2,
      machine: machine(seed, false),
    }),
  );
}

function rulesFor(target: 'graph' | 'syncApi'): Rules {
  const { document, errors } = checkConfiguration(
    'bench.yaml',
    `version: 1
tenant: { id: contoso.test, cloud: sandbox, target: ${target} }
forests:
  - name: contoso
    domains: [{ name: corp.contoso.test, ldif: none.ldf }]
    scope:
      organizationalUnits: ["OU=People,DC=corp,DC=contoso,DC=test"]
      filters: { user: 'Not([department] = "Temp")' }
`,
  );
  if (document === undefined) throw errors[0];
  return compileRules(document, supportOf(targetProfile(target)));
}

/** Seconds of one core; what comes out is counted, so that nothing is optimized away. */
function decideAll(rules: Rules, users: readonly SourceView[]): number {
  const roots = { current: new Map<string, Dn>() };
  const start = process.cpuUsage();
  let matched = 0;
  for (const user of users) {
    if (rules.scope(user, roots).in !== true) continue;
    const { anchor } = rules.anchor(user);
    const mapped = rules.map('user', [user]);
    if (anchor !== undefined && rules.matchKeys('user', anchor, mapped).primarySmtp !== undefined) matched += 1;
  }
  const { user, system } = process.cpuUsage(start);
  if (matched < users.length / 2) throw new Error(`only ${matched} of ${users.length} came through`);
  return (user + system) / 1e6;
}

/** A user as directories have them: half of the attributes people fill in are filled in. */
function sampleUser(n: number, seed: number): SourceView {
  const name = `user${n}`;
  const chance = (at: number): boolean => (Math.imul(n + seed, 2654435761) >>> (at % 24)) % 2 === 1;
  const place = dn`CN=${name},OU=Unit ${String(n % 100)},OU=People,DC=corp,DC=contoso,DC=test`;
  const usually: SourceAttributes = {
    distinguishedName: [place],
    cn: [name],
    displayName: [`User ${n}`],
    givenName: ['User'],
    sn: [String(n)],
    sAMAccountName: [name],
    userPrincipalName: [`${name}@contoso.test`],
    mail: [`${name}@contoso.test`],
    mailNickname: [name],
    proxyAddresses: [`SMTP:${name}@contoso.test`, `smtp:${n}@contoso.test`],
    userAccountControl: [n % 10 === 0 ? '514' : '512'],
    pwdLastSet: [String(132772253564048004n + BigInt(n))],
    objectSid: [Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 5, n % 256, 1, 0, 0)],
    department: [n % 20 === 0 ? 'Temp' : 'Sales'],
  };
  const sometimes = Object.entries({
    title: 'Clerk',
    company: 'Contoso',
    telephoneNumber: '+1 555 0100',
    mobile: '+1 555 0101',
    streetAddress: 'Main Street 1',
    l: 'Town',
    st: 'State',
    postalCode: '12345',
    co: 'United States',
    c: 'US',
    countryCode: '840',
    description: 'A user',
    employeeID: String(n),
    extensionAttribute1: 'one',
    physicalDeliveryOfficeName: 'Office 7',
    msExchRecipientTypeDetails: '1',
  }).filter((_, at) => chance(at));
  const guid = parseObjectGuid(`00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);
  if (guid === undefined) throw new Error('not a GUID');
  return {
    connector: connectorName('contoso', 'corp.contoso.test'),
    domain: { fqdn: 'corp.contoso.test', netbios: 'CORP', forest: 'contoso' },
    guid,
    kind: 'user',
    dn: place,
    attributes: { ...usually, ...Object.fromEntries(sometimes.map(([key, value]) => [key, [value]])) },
    scopingGroups: [],
  };
}
