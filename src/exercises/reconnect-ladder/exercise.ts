import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';

const LIMIT_SEC = 10;

export default defineExercise({
  kind: 'complete',
  title: 'A ladder back into the call',
  task: [
    'alice calls bob and sends her picture. Then bob’s connection goes away without a word, as when his page was reloaded: the one that comes back knows nothing of the old session, and answers only offers of a new one.',
    'alice’s code cannot know that. Write `climb()`, a ladder that begins with the mildest means: wait a little, then `restartIce()`, then a new connection. Within 10 seconds after her connection said `disconnected` bob shall see her picture again, from the same stream: `media()` is called once.',
  ],
  hints: [
    'Each rung needs a deadline of its own, well below 10 seconds together, and ends as soon as `connectionState` is `connected`.',
    '`restartIce()` only says that something has to be negotiated: `negotiationneeded` fires, and `offer()` does the rest. For a new connection close the old one, call `open()`, and it fires by itself.',
    'Wait 1 s; then `pc.restartIce()` and wait 3 s; then `pc.close()` and `open()`. The tracks of the old connection go on: `open()` adds the same stream again.',
  ],
  media: true,
  limitMs: 40_000,
  facts: () => ({ media: 0, lostAtMs: 0, lostFrame: 0 }),
  async play({ bench, tools, facts, call, signal }) {
    const counted: Tools = { ...tools, media: (name) => (facts.media++, tools.media(name)) };
    const channel = tools.signaling('bob');
    let pc: RTCPeerConnection | undefined;
    /** Sessions that a bob of before has known; the one that came after a reload cannot answer them. */
    const forgotten = new Set<string>();
    let isAway = false;
    const sessionOf = (sdp: string) => /^o=\S+ (\d+)/m.exec(sdp)?.[1] ?? '';
    let session = '';
    channel.receive(async (_, signal) => {
      if ('candidate' in signal) {
        if (pc && !isAway) await pc.addIceCandidate(signal.candidate).catch(() => {}); // perhaps of the other session
        return;
      }
      const { description } = signal;
      if (isAway || description.type !== 'offer' || forgotten.has(sessionOf(description.sdp))) return;
      if (!pc || session !== sessionOf(description.sdp)) {
        session = sessionOf(description.sdp);
        pc = tools.createPeer('bob');
        pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));
      }
      await pc.setRemoteDescription(description);
      await pc.setLocalDescription();
      await channel.send('alice', { description: pc.localDescription });
    });
    void bench.timeline.until({ kind: 'track-state', peer: 'bob', state: 'unmuted' }, signal).then(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        forgotten.add(session);
        isAway = true;
        pc?.close();
        pc = undefined;
        const lost = await bench.timeline.until(
          { kind: 'connection-state', peer: 'alice', state: 'disconnected' },
          signal,
        );
        facts.lostAtMs = lost.atMs;
        isAway = false;
      },
      () => {},
    );
    await call('start', counted);
  },
  checks: [
    {
      id: 'call',
      title: 'The call comes about',
      hint: 'This part of the code was given: what was changed in it?',
      pass: (witness) => {
        const seen = witness.frames('bob').length;
        return {
          ok: seen >= 10,
          saw: `bob has seen ${seen} of alice’s frames.`,
          wanted: '10 frames before anything goes wrong.',
        };
      },
    },
    {
      id: 'resumes',
      title: `The picture is back within ${LIMIT_SEC} seconds`,
      hint: 'How long does your ladder stay on each rung, and does the last one make a new connection?',
      pass: (witness) => {
        const { lostAtMs } = witness.facts;
        const frames = witness.frames('bob');
        const back = lostAtMs > 0 ? frames.find(({ atMs }) => atMs > lostAtMs) : undefined;
        const tookSec = back ? (back.atMs - lostAtMs) / 1000 : 0;
        const waitedSec = (witness.bench.timeline.nowMs - lostAtMs) / 1000;
        return {
          ok: back !== undefined && tookSec <= LIMIT_SEC,
          final: lostAtMs > 0 && waitedSec > LIMIT_SEC,
          saw:
            lostAtMs === 0
              ? 'alice’s connection has not been lost yet.'
              : back
                ? `bob saw alice again ${tookSec.toFixed(1)} s after her connection said \`disconnected\`.`
                : `${waitedSec.toFixed(0)} s after \`disconnected\` bob has seen nothing; alice’s connection is \`${witness.state('alice')}\`.`,
          wanted: `A new frame at bob’s end at most ${LIMIT_SEC} s later.`,
        };
      },
    },
    {
      id: 'same',
      title: 'It is the same stream, not a new one',
      when: 'end',
      hint: '`open()` adds the tracks of the stream that is there already.',
      pass: (witness) => {
        const { facts } = witness;
        const frames = witness.frames('bob');
        const before = frames.findLast(({ atMs }) => facts.lostAtMs === 0 || atMs < facts.lostAtMs);
        const after = frames.find(({ atMs }) => facts.lostAtMs > 0 && atMs > facts.lostAtMs);
        const isLater = before !== undefined && after !== undefined && after.frame > before.frame;
        return {
          ok: facts.media === 1 && isLater,
          saw: `\`media()\` was called ${facts.media} times; the last frame before was ${before?.frame ?? 'none'}, the first one after it ${after?.frame ?? 'none'}.`,
          wanted: '`media()` once, and a frame counter that goes on.',
        };
      },
    },
    {
      id: 'rungs',
      title: 'The mild means were tried first',
      when: 'end',
      hint: 'A new connection costs a whole negotiation; often an ICE restart is enough, and sometimes a second of patience.',
      pass: ({ entries, facts }) => {
        const ofAlice = entries.filter(({ peer, atMs }) => peer === 'alice' && atMs >= facts.lostAtMs);
        const restart = ofAlice.find((entry) => entry.kind === 'call' && entry.method === 'restartIce');
        const opened = ofAlice.find(({ kind }) => kind === 'peer-opened');
        const patientSec = restart && facts.lostAtMs > 0 ? (restart.atMs - facts.lostAtMs) / 1000 : 0;
        const inOrder = facts.lostAtMs > 0 && restart && opened && restart.atMs < opened.atMs;
        return {
          ok: Boolean(inOrder) && patientSec >= 0.4,
          saw:
            facts.lostAtMs === 0 || (!restart && !opened)
              ? 'Neither an ICE restart nor a new connection.'
              : `${restart ? `An ICE restart after ${patientSec.toFixed(1)} s` : 'No ICE restart'}, ${opened ? `a new connection after ${((opened.atMs - facts.lostAtMs) / 1000).toFixed(1)} s` : 'no new connection'}.`,
          wanted: 'Half a second or more of patience, then `restartIce()`, then a new connection.',
        };
      },
    },
  ],
});
