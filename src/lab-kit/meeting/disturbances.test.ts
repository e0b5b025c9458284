import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PeerId } from '../../protocol/signaling.ts';
import { Emitter } from '../../rtc/meeting/emitter.ts';
import type { EngineEvents, Link, LinkState, ServerLink } from '../../rtc/meeting/engine.ts';
import type { RecoveryEvents } from '../../rtc/meeting/network.ts';
import { tellDisturbances } from './disturbances.ts';
import { Notices } from './notices.ts';
import type { MeetingSession } from './session.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const idOf = (name: string) => PeerId.parse(name.padEnd(22, '-'));

/** A meeting with ann and bob whose links stand as a test says, and what is told of it. */
function setup() {
  const end = new AbortController();
  const notices = new Notices(end.signal);
  const engine = new Emitter<EngineEvents>();
  const network = new Emitter<RecoveryEvents>();
  const links = new Map<PeerId, Link>();
  const rebuild = vi.fn<() => void>();
  const members = new Map(['ann', 'bob'].map((name) => [idOf(name), { name }]));
  const servers: ServerLink[] = [];
  const meeting = {
    room: { members },
    engine: { links, servers, on: engine.on },
    recovery: { on: network.on },
  };
  tellDisturbances({ notices } as MeetingSession, meeting as never, end.signal);
  const stands = (name: string, state: LinkState) => {
    links.set(idOf(name), { state, rebuild } as never as Link);
    engine.emit('links', links);
  };
  const server = (leg: 'up' | 'down', state: LinkState) => {
    links.clear();
    servers.splice(0, servers.length, ...servers.filter((one) => one.leg !== leg), {
      leg,
      state,
    } as ServerLink);
    engine.emit('servers', servers);
  };
  for (const name of members.keys()) links.set(name, { state: { is: 'connected' } } as Link);
  return {
    end,
    notices,
    network,
    stands,
    server,
    rebuild,
    texts: () => notices.list.value.map(({ text }) => text),
  };
}

const restarting = { is: 'restarting', attempt: 1 } as const;
const connected = { is: 'connected' } as const;

test('a short interruption is no news; a repair is told as long as it lasts, and its end once', () => {
  const { stands, texts } = setup();
  stands('ann', { is: 'interrupted' });
  expect(texts()).toEqual([]);
  stands('ann', restarting);
  stands('ann', { is: 'rebuilding', attempt: 2 });
  expect(texts()).toEqual(['Nothing comes from ann: another path is being looked for.']);
  stands('ann', connected);
  expect(texts()).toEqual(['The connection to ann is back.']);
});

test('when nothing comes from anybody it is probably this computer', () => {
  const { stands, texts } = setup();
  stands('ann', restarting);
  stands('bob', restarting);
  expect(texts()).toEqual([
    'Nothing comes from anybody. Is this computer’s network there? Other paths are being looked for.',
  ]);
});

test('when all is tried a person is asked, until it is no longer so', () => {
  const { stands, notices, texts, rebuild } = setup();
  stands('bob', { is: 'failed' } as LinkState);
  stands('bob', { is: 'failed' } as LinkState);
  expect(notices.list.value).toMatchObject([{ urgency: 'assertive', action: { label: 'Try again' } }]);
  notices.list.value[0]?.action?.act();
  expect(rebuild).toHaveBeenCalledOnce();
  stands('bob', { is: 'rebuilding', attempt: 1 });
  expect(texts()).toEqual(['Nothing comes from bob: another path is being looked for.']);
});

test('of the two connections to a server it is told what is missing: our media there, or those of the others here', () => {
  const { server, texts } = setup();
  server('up', connected);
  server('down', connected);
  expect(texts()).toEqual([]);
  server('up', restarting);
  expect(texts()).toEqual([expect.stringContaining('nobody hears or sees you')]);
  server('up', connected);
  expect(texts()).toEqual(['The connection to the server is back.']);
  server('down', { is: 'rebuilding', attempt: 1 });
  expect(texts().at(-1)).toContain('you hear and see nobody');
});

test('a network that is gone, and one that is another, are told until the paths are looked for', () => {
  const { network, texts, end, stands } = setup();
  network.emit('state', 'offline');
  expect(texts()).toEqual([expect.stringContaining('offline')]);
  network.emit('state', 'returning');
  expect(texts()).toEqual([expect.stringContaining('returns to the meeting')]);
  network.emit('state', 'steady');
  expect(texts()).toEqual([]);
  network.emit('state', 'offline');
  stands('ann', restarting);
  end.abort();
  expect(texts()).toEqual([]);
});
