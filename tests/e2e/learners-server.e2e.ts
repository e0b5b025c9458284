import type { Page } from 'playwright/test';
import type { ExerciseSession } from '../../src/lab-kit/exercise/session.ts';
import { expect, test } from '../support/lab.ts';

type Pane = HTMLElement & { load(): Promise<ExerciseSession> };

/** Checks a text in the exercise of a server, and tells what became of it. */
async function check(page: Page, source: string): Promise<{ problem: string; line: number; said: string }> {
  return page.evaluate(async (text) => {
    const session = await document.querySelector<Pane>('exercise-pane')!.load();
    session.edit(text);
    await session.check();
    return {
      problem: session.problem.value?.text ?? '',
      line: session.problem.value?.line ?? 0,
      said: session.output.value.map((line) => line.text).join('; '),
    };
  }, source);
}

const SERVER = "import { WebSocketServer } from 'ws';\nconst wss = new WebSocketServer({ port: 1 });\n";

// What the policy refuses, the browser tells its console.
test.use({ mayComplain: [/uncaught: later|Content.Security.Policy|Failed to load|NetworkError/] });

test('a server without an end, with an error, or with no server in it is ended with a sentence @firefox', async ({
  page,
}) => {
  await page.goto('/exercises/ws-relay/');
  const loop = await check(page, `${SERVER}wss.on('connection', () => {\n  for (;;) {}\n});`);
  expect(loop).toMatchObject({ line: 4, problem: expect.stringContaining('kept its thread busy') });
  const thrown = await check(page, `${SERVER}wss.on('connection', () => {\n  null!.send();\n});`);
  expect(thrown).toMatchObject({ line: 4, problem: expect.stringContaining('TypeError') });
  const promised = await check(page, `${SERVER}void Promise.reject(new Error('later'));`);
  expect(promised.problem).toContain('later');
  const other = await check(page, "import express from 'express';\nexpress();");
  expect(other).toMatchObject({ line: 1, problem: expect.stringContaining('“express” is not there') });
  expect((await check(page, 'console.log(1);')).problem).toContain('makes no server');
  expect((await check(page, `${SERVER}const = 3;`)).line).toBe(3);
});

test('a server reaches no network, starts no thread, and a loop that cannot be watched ends too', async ({
  page,
}) => {
  await page.goto('/exercises/ws-relay/');
  const tries = `
    const way = (name: string, act: () => unknown) =>
      Promise.resolve().then(act).then(() => console.log(name, 'reached'), () => console.log(name, 'refused'));
    void way('fetch', () => fetch('/healthz'));
    void way('import', () => import(new URL('/_astro/none.js', location.origin).href));
    void way('socket', () => new Promise((resolve, reject) => {
      const socket = new WebSocket('ws://' + location.host);
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    }));`;
  const { said } = await check(page, SERVER + tries);
  for (const name of ['fetch', 'import', 'socket']) {
    expect(said).toContain(`${name} refused`);
    expect(said).not.toContain(`${name} reached`);
  }
  const slow = `${SERVER}wss.on('connection', () => /^(a+)+$/.test('a'.repeat(40) + 'b'));`;
  expect((await check(page, slow)).problem).toContain('did not answer for 4 seconds');
});
