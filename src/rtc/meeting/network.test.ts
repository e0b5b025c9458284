import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RoomState } from '../signaling/room-client.ts';
import { Recovery, watchNetwork, type NetworkNews } from './network.ts';

beforeEach(() => void vi.useFakeTimers());
const end = { controller: new AbortController() };
afterEach(() => {
  end.controller.abort();
  end.controller = new AbortController();
  vi.useRealTimers();
});

/** A page's surroundings, and what a meeting would be told. */
function page() {
  const news: NetworkNews[] = [];
  const at = {
    window: new EventTarget(),
    document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
    connection: Object.assign(new EventTarget(), { type: 'wifi' }),
    isOnline: () => true,
  };
  watchNetwork((one) => news.push(one), end.controller.signal, at);
  return { ...at, news };
}

test('online, offline, the end of a freeze and a page from the cache are told', () => {
  const { window, document, news } = page();
  window.dispatchEvent(new Event('offline'));
  window.dispatchEvent(new Event('online'));
  document.dispatchEvent(new Event('resume'));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  expect(news).toEqual(['offline', 'changed', 'changed']);
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(news).toHaveLength(4);
});

test('another kind of network is a change, another estimate of its rate is none', () => {
  const { connection, news } = page();
  connection.dispatchEvent(new Event('change'));
  expect(news).toEqual([]);
  connection.type = 'cellular';
  connection.dispatchEvent(new Event('change'));
  connection.dispatchEvent(new Event('change'));
  expect(news).toEqual(['changed']);
});

test.each([
  ['a page that is seen and whose timer is 30 s late has slept', 'visible', 30_000, ['changed']],
  ['a page in the background has late timers by design', 'hidden', 60_000, []],
  ['a page that was busy for 4 s has not slept', 'visible', 4_000, []],
] as const)('%s', async (_, visibilityState, lateMs, expected) => {
  let extraMs = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + extraMs);
  const { document, news } = page();
  document.visibilityState = visibilityState;
  await vi.advanceTimersByTimeAsync(1_000);
  extraMs = lateMs - 1_000;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(news).toEqual(expected);
});

/** A meeting's room and engine that note what is asked of them. */
function meeting() {
  const asked: string[] = [];
  const room = {
    state: { state: 'joined' } as RoomState,
    back: () => {},
    reconnect: () => {
      asked.push('socket');
      return new Promise<never>((resolve) => (room.back = resolve as () => void));
    },
  };
  const recovery = new Recovery({
    room,
    engine: { recover: () => void asked.push('paths') },
    signal: end.controller.signal,
  });
  return { asked, room, recovery };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('the socket comes first, the paths when the room is joined again, and several events are one change', async () => {
  const { asked, room, recovery } = meeting();
  const states: string[] = [];
  recovery.on('state', (state) => states.push(state));
  recovery.told('offline');
  await pass(60_000);
  expect(asked).toEqual([]);
  recovery.told('changed');
  recovery.told('changed');
  await pass(1_000);
  expect(asked).toEqual(['socket']);
  room.back();
  await pass(0);
  expect(asked).toEqual(['socket', 'paths']);
  expect(states).toEqual(['offline', 'returning', 'steady']);
});

test('a change during a change begins anew: paths are looked for once, in the last network', async () => {
  const { asked, room, recovery } = meeting();
  recovery.told('changed');
  await pass(1_000);
  const first = room.back;
  recovery.told('changed');
  first();
  await pass(1_000);
  expect(asked).toEqual(['socket', 'socket']);
  room.back();
  await pass(0);
  expect(asked).toEqual(['socket', 'socket', 'paths']);
});

test('a socket in which a signal is lost is replaced; one in which another arrives is not', async () => {
  const { asked, recovery } = meeting();
  recovery.sent(Promise.resolve());
  await pass(10_000);
  expect(asked).toEqual([]);
  recovery.sent(new Promise(() => {})); // for somebody who does not answer
  await pass(1);
  recovery.sent(Promise.resolve());
  await pass(10_000);
  expect(asked).toEqual([]);
  recovery.sent(new Promise(() => {}));
  recovery.sent(new Promise(() => {}));
  await pass(10_000);
  expect(asked).toEqual(['socket']);
});

test('after the end nothing is done', async () => {
  const { asked, recovery } = meeting();
  recovery.told('changed');
  recovery.sent(new Promise(() => {}));
  end.controller.abort();
  await pass(60_000);
  expect(asked).toEqual([]);
});
