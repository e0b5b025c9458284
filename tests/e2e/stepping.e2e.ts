import { readFileSync } from 'node:fs';
import { expect, test } from '../support/lab.ts';

const lines = (lab: string) => readFileSync(`src/labs/${lab}/run.ts`, 'utf8').split('\n');

test('each call and each signal names the line of run.ts that it comes from @firefox', async ({ lab }) => {
  const timeline = await lab.run('first-call');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const source = lines('first-call');
  const entries = await timeline.entries();
  const words = entries.flatMap((entry) =>
    entry.kind === 'call'
      ? [[entry.method, entry.line] as const]
      : entry.kind === 'signal-sent'
        ? [['signaling.send', entry.line] as const]
        : [],
  );
  expect(words.length).toBeGreaterThan(10);
  for (const [word, line = 0] of words) expect(source[line - 1]).toContain(`${word}(`);
});
