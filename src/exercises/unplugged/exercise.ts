import { openMediaDevices } from '../../rtc/index.ts';
import { deskDevices, VirtualDevices } from '../../rtc/media/virtual/devices.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';

const { deskCamera, laptopCamera } = deskDevices;
/** How the pictures of the two are signed, see frame-code.ts. */
const DESK = 'deskc';
const LAPTOP = 'lapto';

/** Milliseconds that a new source may take to be set, and its pictures to come. */
const SOURCE_MS = 1_000;
const PICTURE_MS = 2_500;

interface Facts {
  /** When the connection was up and negotiated, by the number of entries; −1 before. */
  negotiated: number;
  /** When each plug was pulled, by the timeline's clock. */
  firstMs: number;
  secondMs: number;
  /** Fulfilled by the check that sees pictures of it. */
  readonly began: PromiseWithResolvers<void>;
  readonly went: PromiseWithResolvers<void>;
}

/** The first picture of a camera that bob sees after a moment. */
function pictureAfter(witness: Witness<Facts>, peer: string, sinceMs: number): number | undefined {
  const seen = witness.frames('bob').find((frame) => frame.peer === peer && frame.atMs > sinceMs);
  return seen && seen.atMs - sinceMs;
}

/** How long after a moment a sender was given another track. */
function replacedAfter({ entries }: Witness<Facts>, sinceMs: number): number | undefined {
  const done = entries.find(
    (entry) =>
      entry.kind === 'call-settled' &&
      entry.method === 'replaceTrack' &&
      entry.outcome.ok &&
      entry.atMs > sinceMs,
  );
  return done && done.atMs - sinceMs;
}

function goesOn(witness: Witness<Facts>, peer: string, camera: string, sinceMs: number) {
  const wanted = `A picture of the ${camera} at bob’s end, from a source that is set within a second.`;
  if (sinceMs === 0) return { ok: false, saw: 'It did not come to that: no plug was pulled.', wanted };
  const pictureMs = pictureAfter(witness, peer, sinceMs);
  const replacedMs = replacedAfter(witness, sinceMs);
  const sinceNowMs = witness.bench.timeline.nowMs - sinceMs;
  const source =
    replacedMs === undefined
      ? '`replaceTrack()` was not called'
      : `another source after ${Math.round(replacedMs)} ms`;
  return {
    ok: pictureMs !== undefined && replacedMs !== undefined && replacedMs <= SOURCE_MS,
    saw:
      pictureMs === undefined
        ? `No picture of the ${camera} at bob’s end: ${source}.`
        : `A picture of the ${camera} at bob’s end, ${source}.`,
    wanted,
    ...(sinceNowMs > PICTURE_MS && pictureMs === undefined && { final: true }),
  };
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Survive an unplugged camera',
  task: [
    'alice sends the picture of a desk camera to bob. Somebody pulls its plug. Later it is plugged in again, and then the laptop’s camera goes. bob should notice nothing but another picture.',
    'Write `keepSending()`. It is called once, when the call is up, with alice’s connection and the devices. The cameras are virtual; the connection is real. No new negotiation: nobody carries signals any more.',
  ],
  hints: [
    'A track whose device is gone fires `ended`. The sender goes on sending nothing until it is given another track.',
    '`sender.replaceTrack(track)` changes the source and needs no offer. `getUserMedia({ video: true })` opens what is left.',
    'The new track can end as well: listen on it, too. A function that calls itself with the new track does both.',
  ],
  limitMs: 8_000,
  facts: () => ({
    negotiated: -1,
    firstMs: 0,
    secondMs: 0,
    began: Promise.withResolvers<void>(),
    went: Promise.withResolvers<void>(),
  }),
  async play({ bench, tools, facts, call, signal }) {
    const cameras = new VirtualDevices(signal, [deskCamera, laptopCamera]);
    const mediaDevices = openMediaDevices('alice', bench, cameras);
    const { deviceId } = deskCamera;
    const stream = await mediaDevices.getUserMedia({ video: { deviceId: { exact: deviceId } } });
    const [alice, bob] = [tools.createPeer('alice'), tools.createPeer('bob')];
    alice.addEventListener(
      'icecandidate',
      ({ candidate }) => void bob.addIceCandidate(candidate ?? undefined),
    );
    bob.addEventListener(
      'icecandidate',
      ({ candidate }) => void alice.addIceCandidate(candidate ?? undefined),
    );
    for (const track of stream.getTracks()) alice.addTrack(track, stream);
    await alice.setLocalDescription();
    await bob.setRemoteDescription(alice.localDescription!);
    await bob.setLocalDescription();
    await alice.setRemoteDescription(bob.localDescription!);
    await facts.began.promise;
    facts.negotiated = bench.timeline.entries.length;
    await call('keepSending', alice, mediaDevices);
    facts.firstMs = bench.timeline.nowMs;
    cameras.unplug(deviceId);
    await facts.went.promise;
    cameras.plug(deskCamera);
    facts.secondMs = bench.timeline.nowMs;
    cameras.unplug(laptopCamera.deviceId);
  },
  checks: [
    {
      id: 'begins',
      title: 'bob sees the desk camera',
      hint: 'This is our half. If it fails, the module did not load.',
      pass: (witness) => {
        const ok = pictureAfter(witness, DESK, 0) !== undefined;
        if (ok) witness.facts.began.resolve();
        return {
          ok,
          saw: ok ? 'Pictures of the desk camera.' : 'No picture yet.',
          wanted: 'Pictures of the desk camera.',
        };
      },
    },
    {
      id: 'goes-on',
      title: 'Its plug is pulled, and pictures of the laptop’s camera come',
      hint: 'Listen for `ended` on the track that is sent.',
      pass: (witness) => {
        const verdict = goesOn(witness, LAPTOP, 'laptop’s camera', witness.facts.firstMs);
        if (verdict.ok || verdict.final) witness.facts.went.resolve();
        return verdict;
      },
    },
    {
      id: 'again',
      title: 'And back again',
      hint: 'The track that you put in its place ends, too.',
      pass: (witness) => goesOn(witness, DESK, 'desk camera', witness.facts.secondMs),
    },
    {
      id: 'no-negotiation',
      title: 'Nothing was negotiated',
      when: 'end',
      hint: '`replaceTrack()` needs no offer. `addTrack()` does.',
      pass: ({ entries, facts }) => {
        const later = facts.negotiated < 0 ? [] : entries.slice(facts.negotiated);
        const events = later.filter(({ kind }) => kind === 'negotiation-needed').length;
        const offers = later.filter(({ kind }) => kind === 'description').length;
        return {
          ok: facts.negotiated >= 0 && events === 0 && offers === 0,
          saw: `\`negotiationneeded\` fired ${events} times, ${offers} descriptions were set.`,
          wanted: '0 and 0.',
        };
      },
    },
  ],
});
