import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSyntheticMedia } from '../../media/synthetic.ts';
import { readLevels, type Heard } from './speaking.ts';

vi.setConfig({ testTimeout: 40_000 });
const patiently = { timeout: 20_000 };

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => end.abort());

/** A call within the page. */
async function call(track: MediaStreamTrack): Promise<RTCRtpReceiver> {
  const [alice, bob] = [new RTCPeerConnection(), new RTCPeerConnection()];
  end.signal.addEventListener('abort', () => (alice.close(), bob.close()));
  alice.addEventListener('icecandidate', ({ candidate }) => void bob.addIceCandidate(candidate));
  bob.addEventListener('icecandidate', ({ candidate }) => void alice.addIceCandidate(candidate));
  alice.addTransceiver(track);
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!);
  const receiver = bob.getReceivers()[0]!;
  // Levels are of what is played: nothing plays, nothing is told.
  const element = Object.assign(new Audio(), { muted: true, srcObject: new MediaStream([receiver.track]) });
  await element.play();
  return receiver;
}

test('levels come with the packets, fall when the sender is muted, and are measured where nobody tells them', async () => {
  const { stream } = openSyntheticMedia({ peer: 'alice', signal: end.signal, video: false });
  const own = stream.getAudioTracks()[0]!;
  const receiver = await call(own);
  const told = { track: receiver.track, receiver };
  const untold = { track: own };
  let heard = new Map<string, Heard>([
    ['told', told],
    ['untold', untold],
  ]);
  let levels: ReadonlyMap<string, number> = new Map();
  readLevels(
    () => heard,
    (news) => (levels = news),
    end.signal,
  );
  // −20 dBFS, and 3 dB less as RMS.
  await vi.waitFor(() => expect(levels.get('told')).toBeGreaterThan(0.03), patiently);
  await vi.waitFor(() => expect(levels.get('untold')).toBeGreaterThan(0.03), patiently);
  own.enabled = false;
  await vi.waitFor(() => expect(levels.get('told')).toBeLessThan(0.01), patiently);
  await vi.waitFor(() => expect(levels.get('untold')).toBeLessThan(0.01), patiently);
  heard = new Map([['told', told]]);
  await vi.waitFor(() => expect([...levels.keys()]).toEqual(['told']), patiently);
});
