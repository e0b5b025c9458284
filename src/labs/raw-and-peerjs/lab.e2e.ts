import { expect, test, type LabDriver } from '../../../tests/support/lab.ts';
import type { Entry } from '../../rtc/timeline.ts';

/** A run in which both have heard and seen each other. */
async function call(lab: LabDriver, api: 'raw' | 'peerjs'): Promise<readonly Entry[]> {
  const timeline = await lab.run('raw-and-peerjs', { api });
  const ofChat = api === 'raw' ? '' : '/2';
  for (const peer of ['alice', 'bob']) {
    await timeline.until({ kind: 'data-message', side: 'received', peer: `${peer}${ofChat}` });
    await timeline.until({ kind: 'first-frame', peer });
  }
  return timeline.entries();
}
const openedBy = (entries: readonly Entry[], whose: RegExp) =>
  entries.filter(({ kind, peer }) => kind === 'peer-opened' && whose.test(peer)).length;

test('chat and call are one connection in the raw API and two in PeerJS, whose messages are seen @firefox', async ({
  lab,
}) => {
  test.setTimeout(90_000);
  const raw = await call(lab, 'raw');
  expect(openedBy(raw, /^alice(\/\d)?$/)).toBe(1);
  expect(raw.filter((entry) => entry.kind === 'description' && entry.side === 'local')).toHaveLength(2);

  const peerjs = await call(lab, 'peerjs');
  expect(openedBy(peerjs, /^alice(\/\d)?$/)).toBe(2);
  const sent = peerjs.flatMap((entry) =>
    entry.kind === 'server-message' && entry.way === 'sent' ? [`${entry.peer} ${entry.name}`] : [],
  );
  for (const [message, times] of [
    ['alice OFFER', 2],
    ['bob ANSWER', 2],
  ] as const)
    expect(sent.filter((one) => one === message)).toHaveLength(times);
});
