/**
 * `node build/setup.mjs [SCRIPT [ARGUMENTS]]`: brings node_modules to what package-lock.json says, then runs SCRIPT on
 * the Node pinned there. Plain JavaScript without dependencies: it is the one file that meets a bare machine, with
 * whatever Node (20 or later) that has. It stays as SCRIPT's parent because a shell remembers where it found `node`:
 * in `node setup && node script` the second would still be the machine's own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const oldestNode = 26;

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { packages: {} };
}

/** Compares contents, not times: a checkout may touch the lockfile, an interrupted install leaves no hidden one. */
function upToDate() {
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(join(modules, '.package-lock.json')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional === true && installed[path] === undefined),
  );
}

function install() {
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const started = Date.now();
  process.stderr.write('Installing packages (npm ci) ... ');
  const result = npm
    ? spawnSync(process.execPath, [npm, ...flags], { cwd: root, encoding: 'utf8' })
    : spawnSync('npm', flags, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write(`failed\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
    process.exit(1);
  }
  process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(modules, `node-${process.platform.replace('win32', 'win')}-${process.arch}`, 'bin', name);
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return process.execPath;
  process.stderr.write(
    `No pinned Node for ${process.platform}-${process.arch}, and this is ${process.version}: install Node ${oldestNode} or later.\n`,
  );
  return process.exit(1);
}

if (!upToDate()) install();

const [script, ...rest] = process.argv.slice(2);
if (script !== undefined) {
  const child = spawn(pinnedNode(), [script, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) },
  });
  let told = false;
  // Ctrl+C reaches the whole process group by itself; a SIGTERM only us.
  process.on('SIGINT', () => {
    told = true;
  });
  const pass = (signal) => {
    told = true;
    child.kill(signal);
  };
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  // npm hands a SIGTERM to its shell alone, which dies and leaves us behind: whoever stopped npm meant us too.
  const parent = process.ppid;
  setInterval(() => !told && process.ppid !== parent && pass('SIGTERM'), 250).unref();
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
