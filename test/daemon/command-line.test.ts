import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ended, run, start } from './cloudsync.ts';
import { configurationText, smallDirectory } from './service.ts';

let all: string;
let cwd: string;
let n = 0;
beforeAll(() => {
  all = mkdtempSync(join(tmpdir(), 'cloudsync-cli-'));
});
afterAll(() => rmSync(all, { recursive: true, force: true }));
beforeEach(() => {
  n += 1;
  cwd = join(all, String(n));
  mkdirSync(cwd);
});

/** A folder as an admin has it: the configuration and the directory's export beside it. */
function setUp(text = configurationText('sandbox')): void {
  writeFileSync(join(cwd, 'cloudsync.yaml'), text);
  writeFileSync(join(cwd, 'corp.ldf'), smallDirectory());
}

/** Failed with one line that has the code, and no stack. */
function expectError({ code, err }: Ended, exitCode: number, errorCode: string, says: RegExp): void {
  const lines = err
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('cloudsync: '));
  expect(lines, err).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^cloudsync: ${errorCode} `));
  expect(lines[0]).toMatch(says);
  expect(err).not.toMatch(/^ {4}at /m);
  expect(code).toBe(exitCode);
}

describe('a wrong command line', () => {
  for (const [args, says] of [
    [[], /A command is missing/],
    [['cycel'], /did you mean cycle\?/],
    [['cycle'], /--type is missing.*delta or full/],
    [['cycle', '--type', 'initial'], /--type is "initial"/],
    [['cycle', '--typ', 'delta'], /did you mean --type\? See/],
    [['log', '--from', 'yesterday'], /"yesterday" is not a time/],
    [['log', '--status', 'sucess'], /"sucess"; did you mean success\? Give success or failure/],
    [['log', '--cycle', 'last'], /not the number of a cycle/],
    [['cycle', '--type'], /argument missing|missing/i],
    [['cycle', '--type', 'delta', 'now'], /does not take "now"/],
    [['daemon', '--listen', 'localhost'], /HOST:PORT/],
    [['daemon', '--listen', '127.0.0.1:99999'], /HOST:PORT/],
    [['config'], /needs more words/],
    [['config', 'chekc'], /check or schema or diff/],
    [['explain'], /needs more words/],
    [['expression'], /either a text or --cases/],
    [['expression', '1', '--dialect', 'latin'], /provisioning or connect/],
    [['backup'], /--to is missing/],
    [['restore'], /--from is missing/],
  ] as const) {
    test.concurrent(`ends with 2: cloudsync ${args.join(' ')}`, async () => {
      expectError(await run(args, { cwd: all }), 2, 'CS1101', says);
      expect(readdirSync(all)).not.toContain('cloudsync-data');
    });
  }
});

test('--help and --version are asked for, so they end with 0', async () => {
  const [help, version, ofCommand] = await Promise.all([
    run(['--help'], { cwd }),
    run(['--version'], { cwd }),
    run(['cycle', '--help'], { cwd }),
  ]);
  for (const { code, err } of [help, version, ofCommand]) expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const name of ['demo', 'daemon', 'cycle', 'config', 'expression', 'explain', 'sandbox', 'backup', 'restore']) {
    expect(help.out).toMatch(new RegExp(`^  cloudsync ${name}\\b`, 'm'));
  }
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(ofCommand.out).toMatch(/cycle --type delta\|full \[--preview\] \[--json\]/);
});

describe('config', () => {
  test('check is content with what is right, and names line, column and the nearest name where not', async () => {
    setUp();
    const right = await run(['config', 'check'], { cwd });
    expect({ code: right.code, err: right.err }).toEqual({ code: 0, err: '' });
    setUp(configurationText('sandbox', 'schedul: { delta: 1m }\n'));
    expectError(
      await run(['config', 'check'], { cwd }),
      1,
      'CS1003',
      /cloudsync\.yaml:9:1: .*did you mean "schedule"\?/,
    );
    setUp(configurationText('sandbox').replace('cloud:', '  cloud:'));
    expectError(await run(['config', 'check'], { cwd }), 1, 'CS1002', /cloudsync\.yaml:3:7/);
    expectError(await run(['config', 'check', '--config', 'other.yaml'], { cwd }), 1, 'CS1001', /other\.yaml/);
  });

  test('check looks for the files and secrets that are named, without making a data folder', async () => {
    setUp(configurationText('sandbox').replace('corp.ldf', 'none.ldf'));
    expectError(await run(['config', 'check'], { cwd }), 1, 'CS1006', /cloudsync\.yaml:8:\d+: .*none\.ldf.*ENOENT/);
    expect(readdirSync(cwd).sort()).toEqual(['cloudsync.yaml', 'corp.ldf']);
  });

  test('check refuses what the target cannot write, with the reason', async () => {
    setUp(configurationText('sandbox', 'mappings: { user: { proxyAddresses: "[mail]" } }\n'));
    expectError(await run(['config', 'check'], { cwd }), 1, 'CS1007', /proxyAddresses/);
  });

  test('schema is a JSON Schema that knows every section', async () => {
    const { out, code } = await run(['config', 'schema'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ properties: { tenant: {}, forests: {}, mappings: {}, safety: {} } });
  });

  test('diff shows what differs between two files, key by key', async () => {
    setUp();
    writeFileSync(join(cwd, 'new.yaml'), configurationText('sandbox', 'schedule: { delta: 10m }\n'));
    expect(await run(['config', 'diff', 'cloudsync.yaml', 'new.yaml'], { cwd })).toEqual({
      code: 0,
      out: '~ schedule.delta: "2m" -> "10m"\n',
      err: '',
    });
  });
});

describe('expression', () => {
  test('prints the value, and ends with 1 where there is none', async () => {
    const [good, bad] = await Promise.all([
      run(['expression', 'Append([department], "!")', '--input', '{"department":"Sales"}'], { cwd }),
      run(['expression', 'Apend([department], "!")'], { cwd }),
    ]);
    expect(good).toEqual({ code: 0, out: '{"result":"Sales!"}\n', err: '' });
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({ error: expect.stringContaining('Append') as unknown });
  });

  test('prints one answer a line for a file of cases', async () => {
    const cases = [
      { id: 'a', dialect: 'provisioning', expression: 'ToUpper([x])', inputs: { x: 'q' }, expected: 'Q' },
      { id: 'b', dialect: 'connect', expression: 'IgnoreThisFlow', inputs: {} },
      { id: 'c', expression: '(', inputs: {} },
    ];
    writeFileSync(join(cwd, 'cases.json'), JSON.stringify(cases));
    const { code, out } = await run(['expression', '--cases', 'cases.json'], { cwd });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { id: 'a', result: 'Q' },
      { id: 'b', ignored: true },
      expect.objectContaining({ id: 'c', error: expect.any(String) as unknown }),
    ]);
    expect(code).toBe(0);
  });

  test('says what is wrong with its input', async () => {
    writeFileSync(join(cwd, 'cases.json'), '[{"id":1}]');
    expectError(await run(['expression', '[a]', '--input', '{'], { cwd }), 1, 'CS1103', /--input: it is not JSON/);
    expectError(await run(['expression', '--cases', 'cases.json'], { cwd }), 1, 'CS1103', /cases\.json: 0\.id/);
    expectError(
      await run(['expression', '--cases', 'none.json'], { cwd }),
      1,
      'CS1103',
      /none\.json: it cannot be read/,
    );
  });
});

test('secret keeps what stdin gives, encrypted, for the configuration to name', async () => {
  const canary = 'Canary~Stdin.9';
  const set = start(['secret', 'set', 'tenant'], { cwd }, `${canary}\n`);
  expect((await set.ended).code).toBe(0);
  expect((await run(['secret', 'list'], { cwd })).out).toMatch(/^tenant {2}\d{4}-/);
  expect(readFileSync(join(cwd, 'cloudsync-data', 'vault.json'), 'utf8')).not.toContain(canary);
  setUp(configurationText('nobody').replace('env: TENANT_SECRET', 'vault: tenant'));
  expectError(await run(['cycle', '--type', 'delta'], { cwd }), 1, 'CS4003', /127\.0\.0\.1:9/);
  expect((await run(['secret', 'remove', 'tenant'], { cwd })).code).toBe(0);
  expectError(await run(['cycle', '--type', 'delta'], { cwd }), 1, 'CS1005', /the vault under tenant/);
  expectError(await run(['secret', 'set', '../x'], { cwd }), 2, 'CS1101', /name of the secret/);
});

test('a cycle in staging shows its plan and says why it writes nothing', async () => {
  setUp(configurationText('sandbox', 'staging: true\n'));
  for (const asked of [[], ['--preview']]) {
    const { code, out } = await run(['cycle', '--type', 'full', ...asked], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('In all: 2 x create user, 1 x create group,');
    expect(out).toContain('\nstaging: true in the configuration: nothing is written.\n');
  }
  setUp();
  const written = await run(['cycle', '--type', 'full'], { cwd });
  expect(written.out).toContain('3 created');
  expect(written.out).not.toContain('staging');
});

describe('bad input', () => {
  const cycle = ['cycle', '--type', 'delta'];

  test('a configuration that is wrong writes nothing', async () => {
    setUp(configurationText('sandbox').replace('ldif:', 'ldf:'));
    expectError(await run(cycle, { cwd }), 1, 'CS1003', /did you mean "ldif"\?/);
    expect(readdirSync(cwd)).toEqual(['cloudsync.yaml', 'corp.ldf']);
  });

  test('a broken LDIF file is named with its line', async () => {
    setUp();
    writeFileSync(join(cwd, 'corp.ldf'), `${smallDirectory()}dn: CN=x,DC=corp,DC=contoso,DC=test\nno colon here\n`);
    expectError(await run(cycle, { cwd }), 1, 'CS2012', /corp\.ldf, line \d+/);
  });

  test('an export that was cut off is an incomplete read, and deletes nobody', async () => {
    setUp();
    const first = await run(['cycle', '--type', 'full'], { cwd });
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('3 created') as unknown });
    const whole = smallDirectory();
    writeFileSync(join(cwd, 'corp.ldf'), whole.slice(0, whole.indexOf('cn: grace') + 4));
    const cut = await run(['cycle', '--type', 'full'], { cwd });
    expectError(cut, 1, 'CS2008', /corp\.ldf is not provably complete: it ends in the middle of line \d+/);
    expect(cut.out).not.toContain('deleted');
  });

  test('an LDIF file that is not there is named, and a preview does not say that nothing would be sent', async () => {
    setUp();
    rmSync(join(cwd, 'corp.ldf'));
    const preview = await run([...cycle, '--preview'], { cwd });
    expectError(preview, 1, 'CS2013', /corp\.ldf/);
    expect(preview.out).toContain('(preview) failed');
    expect(preview.out).not.toContain('Nothing would be sent.');
  });

  test('a data folder that another process holds is left alone', async () => {
    setUp();
    await run(cycle, { cwd });
    expect((await run(['backup', '--to', 'x'], { cwd })).code).toBe(0);
    const holder = start(['daemon', '--listen', '127.0.0.1:0'], { cwd });
    await holder.said(/listens on/);
    expectError(await run(['backup', '--to', 'z'], { cwd }), 1, 'CS7009', /Stop the daemon first/);
    expectError(await run(cycle, { cwd }), 1, 'CS7001', new RegExp(`in use.*process ${holder.process.pid}`));
    expectError(await run(['restore', '--from', 'x'], { cwd }), 1, 'CS7001', /in use/);
    expectError(
      await run(['restore', '--from', 'y', '--data', 'new'], { cwd }),
      1,
      'CS7006',
      /y is not a sound backup/,
    );
    expect(readdirSync(cwd).filter((name) => /^(new|z)/.test(name))).toEqual([]);
    holder.process.kill('SIGTERM');
    expect((await holder.ended).code).toBe(0);
  });

  test('a port that is taken is named, and nothing is left behind to find the daemon by', async () => {
    setUp();
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expectError(await run(['daemon', '--listen', `127.0.0.1:${port}`], { cwd }), 1, 'CS7003', new RegExp(String(port)));
    expect(readdirSync(join(cwd, 'cloudsync-data'))).not.toContain('daemon.json');
    taken.close();
  });

  test('an address others could reach is refused', async () => {
    setUp();
    for (const address of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0']) {
      expectError(await run(['daemon', '--listen', address], { cwd }), 1, 'CS7004', /loopback/);
    }
  });

  test('what needs a state makes no folder where there is none', async () => {
    setUp();
    const before = readdirSync(cwd);
    for (const words of [['approve', 'abc'], ['deny', 'abc'], ['release', 'ada'], ['undo', '3'], ['log']])
      expectError(
        await run([...words, '--data', 'new'], { cwd }),
        1,
        'CS7002',
        /there is no state in it; run a cycle first/,
      );
    await run(['secret', 'list', '--data', 'new'], { cwd });
    expect(readdirSync(cwd)).toEqual(before);
  });

  test('an object is looked for only where a cycle has run', async () => {
    setUp();
    expectError(
      await run(['explain', 'nobody@contoso.test'], { cwd }),
      1,
      'CS7002',
      /no state in it; run a cycle first/,
    );
  });

  test('a secret that is not there is named, not shown', async () => {
    setUp(configurationText('nobody'));
    expectError(await run(cycle, { cwd }), 1, 'CS1005', /TENANT_SECRET/);
  });

  test('a tenant that does not answer is named, and the log holds no secret', async () => {
    setUp(configurationText('nobody'));
    const secret = 'Canary~Secret.42';
    expectError(await run(cycle, { cwd, env: { TENANT_SECRET: secret } }), 1, 'CS4003', /127\.0\.0\.1:9/);
    expect(readFileSync(join(cwd, 'cloudsync-data', 'logs', 'cloudsync.log'), 'utf8')).not.toContain(secret);
  });
});
