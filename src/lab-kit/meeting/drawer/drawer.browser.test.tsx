import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ForwardTable, Topology } from '../../../protocol/middlebox.ts';
import { PeerId, type Member } from '../../../protocol/signaling.ts';
import { openSyntheticMedia } from '../../../rtc/media/synthetic.ts';
import type { MeasuredBill } from '../../../rtc/meeting/compare.ts';
import { noTracks, type ServerLink, type Tracks } from '../../../rtc/meeting/engine.ts';
import { MeshLink } from '../../../rtc/meeting/link.ts';
import { linkRates } from '../../../rtc/meeting/rates.ts';
import { openRecording } from '../../../rtc/recording/open.ts';
import { toText } from '../../../rtc/recording/save.ts';
import type { RoomState } from '../../../rtc/signaling/room-client.ts';
import type { Person } from '../session.ts';
import { Drawer } from './drawer.tsx';
import { LinkView, runsOf } from './link-view.ts';

const slow = { timeout: 20_000 };
let end: AbortController;
let place: HTMLElement;
beforeEach(() => {
  end = new AbortController();
  place = document.createElement('div');
  document.body.append(place);
});
afterEach(() => {
  render(null, place);
  place.remove();
  end.abort();
});

/** Both ends of a link in this page; `here` is the one that is looked at. */
function pair(other: string) {
  const media = openSyntheticMedia({ peer: other, signal: end.signal, audio: false });
  const tracks: Tracks = { ...noTracks, camera: media.stream.getVideoTracks()[0] ?? null };
  const ends: MeshLink[] = [];
  const open = (place: 0 | 1) =>
    new MeshLink({
      peer: PeerId.parse(other.padEnd(22, '-')),
      self: place === 0 ? 'you' : other,
      other: place === 0 ? other : 'you',
      offers: place === 0,
      signal: end.signal,
      configuration: () => ({}),
      tracks: () => tracks,
      sends: () => true,
      post: (posted) => {
        const id = `${other}-${place}-${++crossed}`;
        setTimeout(() => ends[1 - place]?.receive(id, posted), 1);
        return { id, taken: Promise.resolve() };
      },
    });
  ends.push(open(0), open(1));
  return { here: ends[0]!, there: ends[1]! };
}
let crossed = 0;

/** A meeting with these links, as the drawer sees it. */
function meetingOf(links: readonly MeshLink[]) {
  const personOf = (link: MeshLink): Person => ({
    peer: link.peer,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the drawer reads no more of a member
    member: { peer: link.peer, name: link.other } as Member,
    tracks: noTracks,
    link,
  });
  const session = {
    people: signal<readonly Person[]>([]),
    self: signal<Member | null>(null),
    room: signal<RoomState>({ state: 'idle' }),
    topology: signal<Topology>('mesh'),
    servers: signal<readonly ServerLink[]>([]),
    table: signal<ForwardTable | null>(null),
    bills: signal<ReadonlyMap<Topology, MeasuredBill>>(new Map()),
    watched: 0,
    watch() {
      this.watched += 1;
      return () => (this.watched -= 1);
    },
  };
  const look = () => (session.people.value = links.map(personOf));
  for (const link of links) {
    link.on('state', look);
    link.on('bench', look);
  }
  look();
  return session;
}

const text = () => place.textContent;
/** Presses a button that is there or comes. */
const press = async (name: string | RegExp) => {
  const find = () => [...place.querySelectorAll('button')].find(({ textContent }) => textContent.match(name));
  await expect.poll(find, slow).toBeDefined();
  find()?.click();
};
/** Opens the drawer, at one of its views. */
const open = async (session: ReturnType<typeof meetingOf>, view: string, onClose = () => {}) => {
  render(<Drawer session={session} onClose={onClose} />, place);
  [...place.querySelectorAll<HTMLElement>('.meet-drawer-head label')]
    .find(({ textContent }) => textContent === view)
    ?.click();
  await expect
    .poll(() => place.querySelector<HTMLElement>('.meet-drawer-body')?.dataset['view'])
    .toBe(view.toLowerCase());
};

const connected = (...links: readonly MeshLink[]) =>
  expect.poll(() => links.every(({ state }) => state.is === 'connected'), slow).toBe(true);

test('every connection is in the list with its rates, and the one that is chosen is looked into', async () => {
  const [bob, carol] = [pair('bob'), pair('carol')];
  await connected(bob.here, carol.here);
  const before = document.activeElement;
  await open(meetingOf([bob.here, carol.here]), 'Connections');
  await expect.poll(text, slow).toMatch(/bobconnecteddirect.*carolconnecteddirect/s);
  await expect.poll(text, slow).toMatch(/↑ \d+ kbit\/s/);
  await press(/^carol/);
  await press('SDP');
  const own = /a=ice-ufrag:(\S+)/.exec(carol.here.pc.localDescription?.sdp ?? '')?.[1] ?? 'none';
  const theirs = /a=ice-ufrag:(\S+)/.exec(carol.here.pc.remoteDescription?.sdp ?? '')?.[1] ?? 'none';
  await expect.poll(() => place.querySelector('[data-panel=sdp]')?.textContent, slow).toContain(own);
  expect(place.querySelector('[data-panel=sdp]')?.textContent).toContain(theirs);
  expect(place.contains(document.activeElement)).toBe(true);
  render(null, place);
  expect(document.activeElement).toBe(before);
});

test('what the meter says of encoders and bitrate agrees with what the connections say themselves', async () => {
  const [bob, carol] = [pair('bob'), pair('carol')];
  await connected(bob.here, carol.here);
  await open(meetingOf([bob.here, carol.here]), 'Cost');
  const figure = (name: string) => place.querySelector(`[data-figure=${name}] td`)?.textContent ?? '';
  await expect.poll(() => figure('encoders'), slow).toBe('2');
  const links = [bob.here, carol.here];
  const reports = () => Promise.all(links.map(({ pc }) => pc.getStats()));
  /** The sum that is shown, by that which is measured here in the second before. */
  const ratio = async () => {
    const first = await reports();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = await reports();
    const bps = now.reduce(
      (sum, report, index) => sum + (linkRates(first[index], report).upstreamBps ?? 0),
      0,
    );
    const [, value, unit] = /([\d.]+) ([kM])bit/.exec(figure('upstreamBps')) ?? [];
    return (Number(value) * (unit === 'M' ? 1_000_000 : 1_000)) / bps;
  };
  // The bitrate of a young call moves, and the two seconds are not the same.
  await expect.poll(async () => Math.abs(Math.log2(await ratio())), slow).toBeLessThan(1);
  expect(figure('connections')).toBe('2');
  expect(place.querySelector('[data-formula]')?.textContent).toContain('mean of the 2 links');
});

test('a new connection takes the place of the old one in the drawer, whose record stays and can be opened', async () => {
  const { here } = pair('bob');
  await connected(here);
  await open(meetingOf([here]), 'Connections');
  const old = here.bench;
  await press('New connection');
  await expect.poll(() => here.bench !== old && here.state.is, slow).toBe('connected');
  await expect.poll(() => place.querySelectorAll('option').length, slow).toBeGreaterThan(1);
  const words = [...place.querySelectorAll('option')].map(({ textContent }) => textContent);
  expect(words[0]).toBe('connection 2, now');
  expect(words[1]).toMatch(/^connection 1, ended \d/);
  for (const run of runsOf(here)) {
    const { list } = new LinkView(here, run).entries.value;
    expect(list).toBe(run.bench.timeline.entries);
    const opened = openRecording(toText(new LinkView(here, run).record()), 'link.json');
    expect(opened.ok && opened.recording.entries.length).toBe(list.length);
  }
  for (let times = 0; times < 4; times++) here.rebuild();
  expect(here.ended.map(({ number }) => number)).toEqual([3, 4, 5]);
});

test('a fault that is put on one connection is of that one alone', async () => {
  const [bob, carol] = [pair('bob'), pair('carol')];
  await connected(bob.here, carol.here);
  await open(meetingOf([bob.here, carol.here]), 'Connections');
  await press(/^carol/);
  await press('Faults');
  await expect.poll(() => place.querySelector('.ps-add button')).not.toBeNull();
  place.querySelector<HTMLButtonElement>('.ps-add button')!.click();
  await expect.poll(() => carol.here.board.plan.rules.length).toBe(1);
  expect(bob.here.board.plan.rules).toEqual([]);
  expect(text()).not.toContain('Copy a link with these faults');
});

/** A meeting of bob, carol and us through a server: its two connections are links of this page. */
async function throughServer(topology: 'sfu' | 'mcu') {
  const [up, down] = [pair('up'), pair('down')];
  await connected(up.here, down.here);
  const session = meetingOf([]);
  const names = ['bob', 'carol', 'alice'];
  const [bob, carol, alice] = names.map((name) => PeerId.parse(name.padEnd(22, '-')));
  if (!bob || !carol || !alice) throw new Error('three people');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the drawer reads no more of a member
  const member = (peer: PeerId) => ({ peer, name: peer.replaceAll('-', '') }) as Member;
  session.people.value = [bob, carol].map((peer) => ({
    peer,
    member: member(peer),
    tracks: noTracks,
    link: undefined,
  }));
  session.self.value = member(alice);
  session.topology.value = topology;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a link is all but the direction
  session.servers.value = [
    Object.assign(up.here, { leg: 'up' }),
    Object.assign(down.here, { leg: 'down' }),
  ] as unknown as ServerLink[];
  const output = { from: bob, source: 'camera', packets: 50, bytes: 5e4, repeated: 2 } as const;
  session.table.value = {
    atMs: 1,
    engine: 'node-datachannel',
    processor: 0.125,
    lines: [
      { peer: bob, leg: 'up', state: 'connected', inBitsPerSec: 9e5, outBitsPerSec: 0, estimateBps: null },
      { peer: alice, leg: 'down', state: 'connected', inBitsPerSec: 0, outBitsPerSec: 5e5, estimateBps: 3e6 },
    ],
    inputs: [
      {
        peer: bob,
        source: 'camera',
        codec: 'VP8',
        rid: 'm',
        width: 320,
        height: 180,
        packets: 60,
        bytes: 6e4,
        bitsPerSec: 2e5,
        lost: 0,
        keyFrameRequests: 1,
        level: null,
      },
    ],
    outputs: [
      { ...output, to: alice, rid: 'm', target: 'm', forwarding: true, reason: 'tile', bitsPerSec: 2e5 },
      {
        ...output,
        to: carol,
        rid: null,
        target: null,
        forwarding: false,
        reason: 'not-shown',
        bitsPerSec: 0,
      },
    ],
  };
  return session;
}

test('through an SFU there are two connections, and it is said how the media of the others come', async () => {
  const session = await throughServer('sfu');
  await open(session, 'Connections');
  await expect.poll(text, slow).toMatch(/SFU, up.*connected.*SFU, down.*connected/s);
  expect(text()).toMatch(/bob and carol: there is no connection to them.*forwarded by the SFU/);
  expect([...place.querySelectorAll('button')].some(({ textContent }) => textContent === 'Restart ICE')).toBe(
    false,
  );
  await press(/^SFU, down/);
  await press('Faults');
  await expect.poll(text, slow).toContain('they cannot be lost or delayed for one connection alone');
});

test('the forward table says who is sent which layer and why, is sorted, and is asked for only while it is open', async () => {
  const session = await throughServer('sfu');
  await open(session, 'Forwarding');
  await expect.poll(() => session.watched).toBe(1);
  const rows = () =>
    [...place.querySelectorAll('.meet-forwards tbody tr')].map(({ textContent }) => textContent);
  expect(rows()).toEqual([
    expect.stringMatching(/bob.*carol.*camera.*nothing.*60 → 50.*Not in sight there/),
    expect.stringMatching(/bob.*you.*camera m320 × 180.*200 kbit\/s.*60 → 50.*no larger/),
  ]);
  await press('Rate');
  await expect.poll(() => rows()[0]).toContain('you');
  expect(place.querySelector('[aria-sort=descending]')?.textContent).toContain('Rate');
  expect(text()).toMatch(/Its processor13 %/);
  const filter = place.querySelector('select')!;
  filter.value = 'carol'.padEnd(22, '-');
  filter.dispatchEvent(new Event('change'));
  await expect.poll(() => rows().length).toBe(1);
  for (const link of place.querySelectorAll<HTMLAnchorElement>('.meet-forwards a'))
    expect(link.pathname).toMatch(/^\/lessons\/topologies\//);
  await open(session, 'Topology');
  await expect.poll(text, slow).toMatch(/bob.*900 kbit\/s/s);
  await expect.poll(() => session.watched).toBe(1);
  render(null, place);
  await expect.poll(() => session.watched).toBe(0);
});

test('the three topologies stand side by side, and no figure is shown as measured that was not', async () => {
  const [bob, carol] = [pair('bob'), pair('carol')];
  await connected(bob.here, carol.here);
  const session = meetingOf([bob.here, carol.here]);
  session.bills.value = new Map([
    ['mcu', { connections: 2, figures: { upstreamBps: 640_000 }, at: new Date(), people: 3 }],
  ]);
  await open(session, 'Cost');
  const column = (topology: string) =>
    place.querySelector(`.meet-compare th[data-topology=${topology}]`)?.textContent;
  await expect.poll(() => column('sfu'), slow).toContain('projected');
  expect(column('mesh')).toContain('in use, measured now');
  expect(column('mcu')).toMatch(/measured at .*, 3 people/);
  const cells = (name: string) =>
    [...place.querySelectorAll(`[data-compare=${name}] td`)].map(({ textContent }) => textContent);
  expect(cells('connections')).toEqual(['2', '2', '2']);
  await expect.poll(() => cells('encoders'), slow).toEqual(['2', '3', '—']);
  expect(cells('upstreamBps')[2]).toBe('640 kbit/s');
  session.topology.value = 'sfu';
  session.bills.value = new Map();
  await expect.poll(() => column('mesh')).toContain('not measured here');
  expect(cells('upstreamBps')[0]).toBe('—');
});

test('Escape and the button close it', async () => {
  let closed = 0;
  await open(meetingOf([]), 'Connections', () => closed++);
  await expect.poll(text).toContain('Nobody else is here yet');
  const dialog = place.querySelector('dialog')!;
  dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  place.querySelector<HTMLButtonElement>('.meet-drawer-close')!.click();
  expect(closed).toBe(2);
});
