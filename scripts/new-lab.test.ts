import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const script = resolve('scripts/new-lab.mjs');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerscope-new-lab-'));
  mkdirSync(join(folder, 'src', 'labs'), { recursive: true });
  cpSync('src/labs/_template', join(folder, 'src', 'labs', '_template'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newLab = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });

test('copies the template under the id, with a title made from it, and names the next steps', () => {
  const { status, stdout } = newLab('ice-restart');
  expect(status).toBe(0);
  expect(stdout).toContain('/labs/ice-restart/');
  const lab = join(folder, 'src', 'labs', 'ice-restart');
  expect(readFileSync(join(lab, 'lab.ts'), 'utf8')).toContain("title: 'Ice restart'");
  expect(readFileSync(join(lab, 'lab.e2e.ts'), 'utf8')).toContain("lab.run('ice-restart')");
});

test.each([
  ['no id', [], 'kebab-case'],
  ['an id with a capital', ['IceRestart'], 'kebab-case'],
  ['an id that leads elsewhere', ['../../etc'], 'kebab-case'],
  ['the template itself', ['_template'], 'kebab-case'],
])('refuses %s with a sentence', (_, args, says) => {
  const { status, stderr } = newLab(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(says);
});

test('never writes over a lab', () => {
  newLab('first');
  expect(newLab('first').stderr).toContain('exists already');
  expect(existsSync(join(folder, 'src', 'labs', 'first', 'run.ts'))).toBe(true);
});
