import { expect, test } from 'vitest';
import { openBench, seats } from './bench.fixture.ts';
import type { Bench } from './bench.ts';
import { RtcError } from './errors.ts';
import { callSteps, checkOrder } from './order.ts';
import { connected, gatheringComplete, openPeer } from './peer.ts';
import type { EntryKind } from './timeline.ts';

async function call(bench: Bench): Promise<RTCPeerConnection[]> {
  const pcs = seats.map(({ self, other, offers }) => {
    const signaling = bench.signaling(self);
    const pc = openPeer(self, bench);
    pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
    signaling.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      await pc.setRemoteDescription(signal.description);
      if (signal.description.type !== 'offer') return;
      await pc.setLocalDescription();
      await signaling.send(other, { description: pc.localDescription });
    });
    if (offers) {
      pc.createDataChannel('lab').addEventListener('open', ({ target }) =>
        (target as RTCDataChannel).send('hello'),
      );
      void pc.setLocalDescription().then(() => signaling.send(other, { description: pc.localDescription }));
    }
    return pc;
  });
  await Promise.all(pcs.map((pc) => connected(pc, bench)));
  return pcs;
}

test('gives the browser’s own connection, and a record in the order of the standards', async () => {
  const bench = openBench();
  const [alice] = await call(bench);
  expect(alice).toBeInstanceOf(RTCPeerConnection);
  expect(Object.getPrototypeOf(alice)).toBe(RTCPeerConnection.prototype);
  await bench.timeline.until({ kind: 'data-message', peer: 'bob', side: 'received', preview: '"hello"' });
  await bench.timeline.until({ kind: 'selected-candidate-pair', peer: 'alice' });
  await expect.poll(() => checkOrder(bench.timeline.entries, callSteps('alice', 'bob'))).toEqual([]);
});

test('of a channel that carries a file the record keeps the first thousand messages, and says so', async () => {
  const bench = openBench();
  const pcs = [openPeer('alice', bench), openPeer('bob', bench)] as const;
  const [alice, bob] = pcs.map((pc) => pc.createDataChannel('file', { negotiated: true, id: 0 })) as [
    RTCDataChannel,
    RTCDataChannel,
  ];
  for (const [from, to] of [pcs, [pcs[1], pcs[0]] as const])
    from.addEventListener('icecandidate', ({ candidate }) => void to.addIceCandidate(candidate));
  await pcs[0].setLocalDescription();
  await pcs[1].setRemoteDescription(pcs[0].localDescription!);
  await pcs[1].setLocalDescription();
  await pcs[0].setRemoteDescription(pcs[1].localDescription!);
  if (alice.readyState !== 'open')
    await new Promise((resolve) => alice.addEventListener('open', resolve, { once: true }));
  let received = 0;
  bob.addEventListener('message', () => (received += 1));
  for (let chunk = 0; chunk < 1_200; chunk++) alice.send('x');
  await expect.poll(() => received, { timeout: 10_000 }).toBe(1_200);
  const of = (peer: string, kind: EntryKind) =>
    bench.timeline.entries.filter((entry) => entry.peer === peer && entry.kind === kind);
  expect(of('alice', 'data-message')).toHaveLength(1_000);
  expect(of('bob', 'data-message')).toHaveLength(1_000);
  expect(of('alice', 'note')).toHaveLength(1);
});

test('a description stands before the state that it brings, and its call settles after it', async () => {
  const bench = openBench();
  await call(bench);
  const kinds = bench.timeline.entries.filter(({ peer }) => peer === 'alice').map(({ kind }) => kind);
  const at = (kind: EntryKind) => kinds.indexOf(kind);
  expect(at('description')).toBeLessThan(at('signaling-state'));
  expect(at('description')).toBeLessThan(kinds.lastIndexOf('call-settled'));
});

test('an offer that is taken back brings no description: the record holds what was set, once', async () => {
  const bench = openBench();
  const [pc] = await call(bench);
  const described = () =>
    bench.timeline.entries.filter(({ peer, kind }) => peer === 'alice' && kind === 'description').length;
  const before = described();
  pc!.addTransceiver('audio');
  await pc!.setLocalDescription();
  await pc!.setLocalDescription({ type: 'rollback' });
  expect(described()).toBe(before + 1);
  expect(bench.timeline.entries.at(-1)).toMatchObject({ kind: 'call-settled', outcome: { ok: true } });
  expect(bench.timeline.entries.findLast(({ kind }) => kind === 'signaling-state')).toMatchObject({
    state: 'stable',
  });
});

test('errors pass through as the browser throws them, and are recorded', async () => {
  const bench = openBench();
  const pc = openPeer('alice', bench);
  const refused = pc.addIceCandidate({ candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0' });
  await expect(refused).rejects.toMatchObject({ name: 'InvalidStateError' });
  expect(bench.timeline.entries).toContainEqual(
    expect.objectContaining({
      kind: 'call-settled',
      method: 'addIceCandidate',
      outcome: expect.objectContaining({ ok: false }),
    }),
  );
  expect(() => pc.addTransceiver('smell')).toThrow(TypeError);
});

test('a TURN credential never enters the record', () => {
  const bench = openBench();
  openPeer('alice', bench, { iceServers: [{ urls: 'turn:127.0.0.1:9', username: 'u', credential: 'hush' }] });
  expect(JSON.stringify(bench.timeline.entries)).not.toContain('hush');
});

test('the end of the bench closes peers and refuses new ones', async () => {
  const bench = openBench();
  const pcs = await call(bench);
  bench.close();
  bench.close();
  expect(pcs.map(({ signalingState }) => signalingState)).toEqual(['closed', 'closed']);
  expect(() => openPeer('carol', bench)).toThrow(RtcError);
  expect(bench.timeline.entries.filter(({ kind }) => kind === 'run-ended')).toHaveLength(1);
});

test('connected() gives up in words when nothing ever comes, though the browser never says failed', async () => {
  const bench = openBench();
  const pc = openPeer('alice', bench);
  pc.createDataChannel('lab');
  await pc.setLocalDescription();
  await gatheringComplete(pc, bench);
  await expect(connected(pc, bench, 300)).rejects.toMatchObject({ code: 'connect-timeout' });
});

test('connected() tells when the browser has no address to be reached at', async () => {
  const bench = openBench();
  const pc = openPeer('alice', bench, { iceTransportPolicy: 'relay' });
  pc.createDataChannel('lab');
  const up = connected(pc, bench);
  await pc.setLocalDescription();
  await expect(up).rejects.toMatchObject({ code: 'no-candidates' });
});

test('signals wait for their handler and are handed over one at a time', async () => {
  const bench = openBench();
  const sent = bench.signaling('alice');
  for (const sdp of ['1', '2', '3']) await sent.send('bob', { description: { type: 'offer', sdp } });
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    bench.signaling('bob').receive(async (_, signal) => {
      const sdp = 'description' in signal ? signal.description.sdp : '';
      seen.push(`begin ${sdp}`);
      await new Promise((next) => requestAnimationFrame(next));
      seen.push(`end ${sdp}`);
      if (sdp === '3') resolve();
    });
  });
  expect(seen).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
});

test('an event that code has dispatched is not recorded', () => {
  const bench = openBench();
  const pc = openPeer('alice', bench);
  const candidate = new RTCIceCandidate({
    candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host',
    sdpMid: '0',
  });
  pc.dispatchEvent(new RTCPeerConnectionIceEvent('icecandidate', { candidate }));
  pc.dispatchEvent(new Event('connectionstatechange'));
  expect(bench.timeline.entries.map(({ kind }) => kind)).toEqual(['run-started', 'peer-opened']);
});
