import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { directLimits, type FileNumber } from '../../../protocol/direct.ts';
import { PeerId } from '../../../protocol/signaling.ts';
import { Exchange, MAX_BUFFERED } from './exchange.ts';
import { PIECE_BYTES, toFrame } from './frame.ts';
import { fakeLines } from './line.fixture.ts';
import { memoryStore, type OpenStore, type Store } from './store.ts';

const number = (value: number) => value as FileNumber;
const peer = (name: string) => PeerId.parse(name.padEnd(22, '-'));

/** Bytes that differ from place to place, so that a piece out of its place changes the sum. */
function content(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  let state = 1;
  for (let i = 0; i < sizeBytes; i++)
    bytes[i] = (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16;
  return bytes;
}

function setup(openStore: OpenStore = () => Promise.resolve(memoryStore())) {
  const lines = fakeLines();
  const end = (line: 'alice' | 'bob', other: string) =>
    new Exchange({ id: 1, peer: peer(other), line: lines[line], openStore, onChange: () => {} });
  const alice = end('alice', 'bob');
  const bob = end('bob', 'alice');
  const offer = async (sizeBytes: number, file = number(1)) => {
    const bytes = content(sizeBytes);
    alice.offer(file, new File([bytes], 'notes.txt', { type: 'text/plain' }));
    await vi.waitFor(() => expect(bob.transfers.some((one) => one.file === file)).toBe(true));
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const states = () => [alice.transfers[0]?.state.is, bob.transfers[0]?.state.is];
  const settled = (is: string) =>
    vi.waitFor(() => expect(states()).toEqual([is, is]), { timeout: 20_000, interval: 5 });
  return { ...lines, from: alice, to: bob, offer, states, settled };
}

async function received(exchange: Exchange, index = 0): Promise<Uint8Array> {
  const state = exchange.transfers[index]?.state;
  if (state?.is !== 'kept' || !state.file) throw new Error('nothing was kept');
  return new Uint8Array(await state.file.arrayBuffer());
}

test('nothing is sent before the receiver says yes; then all of it arrives, with one sum at both ends', async () => {
  const { alice, from, to, offer, settled } = setup();
  const { bytes, sha256 } = await offer(3 * 2 ** 20 + 17);
  expect(alice.channel?.mostBuffered).toBe(0);
  expect(to.transfers[0]).toMatchObject({
    name: 'notes.txt',
    sizeBytes: bytes.length,
    state: { is: 'offered' },
  });
  const { channel } = alice;
  await to.accept(number(1));
  await settled('kept');
  expect(Buffer.from(await received(to)).equals(bytes)).toBe(true);
  expect(from.transfers[0]).toMatchObject({ bytes: bytes.length, state: { is: 'kept', sha256 } });
  expect(to.transfers[0]).toMatchObject({ state: { is: 'kept', sha256 }, resumedAt: [] });
  expect(channel?.mostBuffered).toBeGreaterThan(MAX_BUFFERED / 2);
  expect(channel?.mostBuffered).toBeLessThanOrEqual(MAX_BUFFERED);
});

test('an empty file arrives', async () => {
  const { to, offer, settled } = setup();
  await offer(0);
  await to.accept(number(1));
  await settled('kept');
  expect(await received(to)).toHaveLength(0);
});

test('a file goes on where the line was cut, however often', async () => {
  const { alice, cut, reopen, from, to, offer, states, settled } = setup();
  const { bytes, sha256 } = await offer(2 * 2 ** 20);
  const cutAt: unknown[] = [];
  let frames = 0;
  alice.onTheWay = (frame) => {
    frames += 1;
    if (frames !== 40 && frames !== 80) return frame;
    cut();
    cutAt.push(states());
    setTimeout(reopen);
    return null;
  };
  await to.accept(number(1));
  await settled('kept');
  expect(Buffer.from(await received(to)).equals(bytes)).toBe(true);
  expect(from.transfers[0]).toMatchObject({ state: { sha256 } });
  expect(cutAt).toEqual([
    ['paused', 'paused'],
    ['paused', 'paused'],
  ]);
  const [first, second] = to.transfers[0]?.resumedAt ?? [];
  expect(first).toBe(39 * PIECE_BYTES);
  expect(second).toBeGreaterThan(39 * PIECE_BYTES);
  expect(alice.words.filter(({ kind }) => kind === 'file:sum')).toHaveLength(1);
});

test('an offer, a no and an end that were said while the line was cut are heard when it is back', async () => {
  const { cut, reopen, from, to, offer } = setup();
  cut();
  from.offer(number(1), new File(['one'], 'one'));
  reopen();
  await vi.waitFor(() => expect(to.transfers).toHaveLength(1));
  cut();
  to.end('in', number(1), 'declined');
  reopen();
  await vi.waitFor(() =>
    expect(from.transfers[0]?.state).toEqual({ is: 'ended', why: 'declined', by: 'them' }),
  );
  await offer(2 ** 20, number(2));
  await to.accept(number(2));
  cut();
  from.end('out', number(2), 'cancelled');
  reopen();
  await vi.waitFor(() =>
    expect(to.transfers[1]?.state).toEqual({ is: 'ended', why: 'cancelled', by: 'them' }),
  );
});

test('a byte that is changed on the way is noticed at the end', async () => {
  const { alice, to, offer, settled, from } = setup();
  await offer(100_000);
  let frames = 0;
  alice.onTheWay = (frame) => {
    if (++frames === 3) new Uint8Array(frame)[500]! ^= 1;
    return frame;
  };
  await to.accept(number(1));
  await settled('ended');
  expect(to.transfers[0]?.state).toEqual({ is: 'ended', why: 'broken', by: 'us' });
  expect(from.transfers[0]?.state).toEqual({ is: 'ended', why: 'broken', by: 'them' });
});

test('two files take turns', async () => {
  const { alice, to, offer } = setup();
  await offer(2 * MAX_BUFFERED, number(1));
  await offer(2 * MAX_BUFFERED, number(2));
  const order: number[] = [];
  alice.onTheWay = (frame) => {
    order.push(new DataView(frame).getUint32(0));
    return frame;
  };
  await Promise.all([to.accept(number(1)), to.accept(number(2))]);
  await vi.waitFor(() => expect(to.transfers.every(({ state }) => state.is === 'kept')).toBe(true));
  const middle = order.slice(order.indexOf(2), order.lastIndexOf(1));
  expect(middle.filter((file) => file === 2).length / middle.length).toBeCloseTo(0.5, 1);
});

test('either end may cancel; what was received is thrown away', async () => {
  const discard = vi.fn(() => Promise.resolve());
  const { alice, from, to, offer, settled } = setup(() => Promise.resolve({ ...memoryStore(), discard }));
  await offer(2 ** 20);
  alice.onTheWay = () => null;
  await to.accept(number(1));
  from.end('out', number(1), 'cancelled');
  await settled('ended');
  expect(discard).toHaveBeenCalled();
});

test('a sender waits for a slow receiver, and a receiver without room says so', async () => {
  const gate = Promise.withResolvers<void>();
  const slow: Store = { ...memoryStore(), write: () => gate.promise };
  const first = setup(() => Promise.resolve(slow));
  await first.offer(3 * directLimits.window);
  let sent = 0;
  first.alice.onTheWay = (frame) => {
    sent += frame.byteLength;
    return frame;
  };
  await first.to.accept(number(1));
  await vi.waitFor(() => expect(sent).toBeGreaterThanOrEqual(directLimits.window));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent).toBeLessThan(directLimits.window * 1.01);
  first.from.close();
  const full = setup(() => Promise.reject(new RangeError('full')));
  await full.offer(100);
  await full.to.accept(number(1));
  await full.settled('ended');
  expect(full.from.transfers[0]?.state).toMatchObject({ why: 'no-space' });
});

test.each<[string, (lines: ReturnType<typeof setup>) => void]>([
  ['a piece after a gap', ({ bob }) => bob.events.emit('bytes', toFrame(number(1), 999, content(10)))],
  ['more than was offered', ({ bob }) => bob.events.emit('bytes', toFrame(number(1), 0, content(2_000)))],
  [
    'more put away than was sent',
    ({ alice }) => alice.events.emit('message', { kind: 'file:have', file: 1, bytes: 1_000 }),
  ],
  [
    'a wish for what was never sent',
    ({ alice }) => alice.events.emit('message', { kind: 'file:take', file: 1, fromByte: 1_000 }),
  ],
])('%s ends the file', async (_, break_) => {
  const all = setup();
  await all.offer(1_000);
  all.alice.onTheWay = () => null;
  // The sum is said when all is sent: so nothing is, for now.
  all.alice.channel!.readyState = 'connecting';
  void all.to.accept(number(1));
  await vi.waitFor(() => expect(all.to.transfers[0]?.state.is).toBe('moving'));
  break_(all);
  const ended = [...all.from.transfers, ...all.to.transfers].filter(({ state }) => state.is === 'ended');
  expect(ended[0]?.state).toMatchObject({ why: 'protocol', by: 'us' });
});

test('nonsense changes nothing: unknown files, empty and endless frames, words that are none', async () => {
  const { alice, bob, to, offer, settled } = setup();
  await offer(50_000);
  const nonsense: unknown[] = [
    null,
    [],
    'file:offer',
    { kind: 'file:offer', file: -1, name: 'x', sizeBytes: 1, type: '' },
    { kind: 'file:offer', file: 7, name: '', sizeBytes: 1, type: '' },
    { kind: 'file:offer', file: 7, name: 'x'.repeat(256), sizeBytes: 1, type: '' },
    { kind: 'file:offer', file: 7, name: 'x', sizeBytes: -1, type: '' },
    { kind: 'file:offer', file: 7, name: 'x', sizeBytes: directLimits.fileBytes + 1, type: '' },
    { kind: 'file:offer', file: 7, name: 'x', sizeBytes: 1, type: '', more: true },
    { kind: 'file:sum', file: 1, sha256: 'nothing' },
    { kind: 'file:sum', file: 99, sha256: '0'.repeat(64) },
    { kind: 'file:take', file: 99, fromByte: 0 },
    { kind: 'file:end', file: 99, of: 'mine', why: 'cancelled' },
  ];
  for (const word of nonsense) bob.events.emit('message', word);
  for (const frame of [new ArrayBuffer(0), new ArrayBuffer(12), new ArrayBuffer(1_000_000)])
    bob.events.emit('bytes', frame);
  bob.events.emit('bytes', toFrame(number(99), 0, content(PIECE_BYTES)));
  const endless = toFrame(number(1), 0, content(1));
  new DataView(endless).setBigUint64(4, 2n ** 64n - 1n);
  bob.events.emit('bytes', endless);
  expect(to.transfers).toHaveLength(1);
  alice.events.emit('message', { kind: 'file:kept', file: 1 });
  await to.accept(number(1));
  await settled('kept');
});

test('somebody who offers without end is not listened to', async () => {
  const { from, to } = setup();
  for (let file = 1; file <= directLimits.openOffers + 5; file++)
    from.offer(number(file), new File(['x'], `${file}`));
  await vi.waitFor(() => expect(from.transfers.filter(({ state }) => state.is === 'ended')).toHaveLength(5));
  expect(to.transfers).toHaveLength(directLimits.openOffers);
});
