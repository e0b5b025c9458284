import { gatheringComplete } from '../../rtc/index.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

/** The offer as it was when no candidate had been found yet. */
const withoutCandidates = (sdp: string) => sdp.replaceAll(/^a=(candidate|end-of-candidates).*\r\n/gm, '');

export default defineExercise({
  kind: 'repair',
  title: 'Candidates that come too early',
  task: [
    'You write bob’s end. alice’s candidates arrive before her offer, in the wrong order, and each of them twice: as over a channel that keeps no order. She never hears of bob’s candidates, so the call can only come about with hers.',
    'Keep the call from losing any of them. `addIceCandidate()` must not be called before there is a remote description.',
  ],
  hints: [
    'What does `pc.remoteDescription` say when the first candidate arrives?',
    'Put what is early into an array. When `setRemoteDescription()` has resolved, add what is in it.',
    'Do not wait inside the handler for the description to come: the next message is handed over only when the handler has finished with this one.',
  ],
  limitMs: 6_000,
  facts: () => ({ sent: [] as string[] }),
  async play({ bench, tools, facts, call }) {
    await call('answer', tools);
    const alice = tools.createPeer('alice');
    const channel = tools.signaling('alice');
    const found: RTCIceCandidate[] = [];
    alice.addEventListener('icecandidate', ({ candidate }) => candidate?.candidate && found.push(candidate));
    channel.receive(async (_, signal) => {
      if ('description' in signal) await alice.setRemoteDescription(signal.description);
    });
    alice.createDataChannel('exercise');
    await alice.setLocalDescription();
    const { type, sdp = '' } = alice.localDescription ?? { type: 'offer' };
    await gatheringComplete(alice, bench);
    const early = found.toReversed();
    facts.sent = early.map(({ candidate }) => candidate);
    for (const candidate of [...early, ...early]) await channel.send('bob', { candidate });
    await channel.send('bob', { description: { type, sdp: withoutCandidates(sdp) } });
    await channel.send('bob', { candidate: null });
  },
  checks: [
    {
      id: 'added',
      title: 'bob’s connection has every candidate of alice’s',
      hint: 'A candidate that is refused or thrown away does not come again.',
      pass({ facts, entries }) {
        const added = new Set(
          entries.flatMap((entry) =>
            entry.peer === 'bob' && entry.kind === 'candidate' && entry.side === 'remote'
              ? [entry.candidate]
              : [],
          ),
        );
        const kept = facts.sent.filter((candidate) => added.has(candidate)).length;
        return {
          ok: facts.sent.length > 0 && kept === facts.sent.length,
          saw: `${kept} of ${facts.sent.length} candidates were added to bob’s connection.`,
          wanted: `All ${facts.sent.length || ''} of them, though they came before the offer.`.replace(
            '  ',
            ' ',
          ),
        };
      },
    },
    {
      id: 'connected',
      title: 'The call is connected',
      hint: 'Without alice’s candidates bob has nobody to send a check to.',
      async pass(witness) {
        const up = (await witness.connected('bob')) && (await witness.connected('alice'));
        const pair = await witness.pair('alice');
        const sawDescription = witness.entries.some(
          ({ peer, kind }) => peer === 'bob' && kind === 'description',
        );
        return {
          ok: up,
          saw: up
            ? `alice and bob are connected. alice knew none of bob’s candidates: the other end of her pair is \`${pair?.remote ?? ''}\`.`
            : `alice’s connection is \`${witness.state('alice')}\`, bob’s is \`${witness.state('bob')}\`${sawDescription ? '' : '; bob has set no description'}.`,
          wanted: 'Both `connected`, with a pair of candidates that carries the call.',
        };
      },
    },
    {
      id: 'end',
      title: 'bob knows that no more will come',
      hint: 'The `null` at the end is a message like the others: pass it on.',
      pass({ entries }) {
        const ok = entries.some(
          (entry) => entry.peer === 'bob' && entry.kind === 'end-of-candidates' && entry.side === 'remote',
        );
        return {
          ok,
          saw: ok ? 'The end of candidates reached bob’s connection.' : 'bob’s connection was not told.',
          wanted: '`addIceCandidate(null)`, so that ICE may give up when nothing works.',
        };
      },
    },
    {
      id: 'errors',
      title: 'No call was refused',
      when: 'end',
      hint: 'An error that is caught is still a candidate that is gone.',
      pass(witness) {
        const refused = witness.calls('bob', 'addIceCandidate').filter(({ outcome }) => !outcome.ok);
        const names = [...new Set(refused.map(({ outcome }) => (outcome.ok ? '' : outcome.name)))].join(', ');
        return {
          ok: refused.length === 0,
          saw:
            refused.length === 0
              ? '0 calls of `addIceCandidate()` were refused.'
              : `${refused.length} calls of \`addIceCandidate()\` were refused with ${names}.`,
          wanted: 'None.',
        };
      },
    },
  ],
});
