import { afterEach, expect, test } from 'vitest';
import { PeerId } from '../../../protocol/signaling.ts';
import type { Signal } from '../../signaling/signaling.ts';
import { Emitter } from '../emitter.ts';
import { noTracks, type EngineEvents } from '../engine.ts';
import { MeshLink } from '../link.ts';
import { readPath } from '../path.ts';
import { Files } from './files.ts';
import { openDiskStore, openStore, type OpenStore } from './store.ts';

const end = { controller: new AbortController() };
afterEach(() => {
  end.controller.abort();
  end.controller = new AbortController();
});

/** Two pages with a real connection between them. */
function pages(place: OpenStore) {
  const { signal } = end.controller;
  const open = (self: 'alice' | 'bob', other: 'alice' | 'bob'): MeshLink =>
    new MeshLink({
      peer: PeerId.parse(other.padEnd(22, '-')),
      self,
      other,
      offers: self === 'alice',
      signal,
      configuration: () => ({}),
      tracks: () => noTracks,
      sends: () => false,
      post: (posted: Signal) => {
        const id = `${self}-${performance.now()}`;
        setTimeout(() => (self === 'alice' ? bob : alice).receive(id, posted), 1);
        return { id, taken: Promise.resolve() };
      },
    });
  const alice = open('alice', 'bob');
  const bob = open('bob', 'alice');
  const files = (link: MeshLink, openStore: OpenStore) =>
    new Files({
      engine: { lines: new Map([[link.peer, link.line]]), on: new Emitter<EngineEvents>().on },
      signal,
      openStore,
    });
  return { alice, bob, from: files(alice, place), to: files(bob, place) };
}

async function sum(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

test.for([
  ['in memory', openStore],
  ['on the disk', openDiskStore],
] as const)(
  '5 MB arrive whole %s, and go on where they were when the connection is rebuilt',
  async ([, place]) => {
    const size = 5 * 2 ** 20;
    const { alice, bob, from, to } = pages(place);
    await expect.poll(() => alice.line.isOpen && bob.line.isOpen, { timeout: 20_000 }).toBe(true);
    const bytes = new Uint8Array(size);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const wanted = await sum(bytes);
    let isRebuilt = false;
    to.on('transfers', ([transfer]) => {
      if (isRebuilt || !transfer || transfer.bytes < size / 10) return;
      isRebuilt = true;
      bob.rebuild();
    });
    from.offer(new File([bytes], 'random.bin'), [alice.peer]);
    await expect.poll(() => to.transfers[0]?.state.is, { timeout: 20_000 }).toBe('offered');
    await to.accept(to.transfers[0]!);
    await expect
      .poll(() => [from.transfers[0]?.state.is, to.transfers[0]?.state.is], { timeout: 20_000 })
      .toEqual(['kept', 'kept']);
    const { state, resumedAt } = to.transfers[0]!;
    if (state.is !== 'kept' || !state.file) throw new Error('nothing was kept');
    expect(state.sha256).toBe(wanted);
    expect(await sum(await state.file.arrayBuffer())).toBe(wanted);
    expect(isRebuilt).toBe(true);
    expect(resumedAt).toHaveLength(1);
    expect(resumedAt[0]).toBeGreaterThanOrEqual(size / 10);
    expect(await readPath(bob.pc)).toEqual({ by: 'direct', protocol: 'udp' });
  },
);
