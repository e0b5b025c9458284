import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { toRtcError } from '../../rtc/errors.ts';
import { modelOrNothing, valueOf } from '../../rtc/sdp/parse.ts';

/** A call between two telephones, as SDP described it before WebRTC. */
const sample = [
  'v=0',
  'o=- 4239044922 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 49170 RTP/AVP 0',
  'c=IN IP4 192.0.2.101',
  'a=rtpmap:0 PCMU/8000',
  'a=ice-options:trickle',
  'a=candidate:1 1 UDP 2122260223 192.0.2.101 49170 typ host',
  '',
].join('\r\n');

/** The lines that an m-section of WebRTC cannot do without, besides the keys. */
const needed = { mid: 'a=mid', setup: 'a=setup:actpass', 'rtcp-mux': 'a=rtcp-mux' } as const;

export default defineExercise({
  kind: 'repair',
  title: 'An SDP from the time of telephones',
  task: [
    'This description offers a telephone codec, PCMU, and is fine for a call of 1999. A browser refuses it. `repair()` is given its text and the keys of a real connection of alice’s: return a text that bob’s browser accepts as her offer.',
    'bob’s answer goes to alice. When all is right, they connect.',
  ],
  hints: [
    'Run it as it is: the browser says what it misses first. It misses more than that.',
    'Before any packet of the call come the checks of ICE (`a=ice-ufrag`, `a=ice-pwd`) and the handshake of DTLS (`a=fingerprint:sha-256 …`, `a=setup`). And an m-section has a name, `a=mid`.',
    'The profile is `UDP/TLS/RTP/SAVPF`. An offer says `a=setup:actpass`. RTP and RTCP share one port, `a=rtcp-mux`. Lines end with `\\r\\n`, the last one too.',
  ],
  limitMs: 6_000,
  facts: () => ({ repaired: '', refused: '', isOver: false }),
  async play({ tools, facts, call }) {
    const alice = tools.createPeer('alice');
    alice.addTransceiver('audio');
    await alice.setLocalDescription();
    const { media } = modelOrNothing(alice.localDescription?.sdp);
    const session = modelOrNothing(alice.localDescription?.sdp).session;
    const of = (name: string) => valueOf(media[0]?.lines ?? [], name) ?? valueOf(session, name) ?? '';
    const keys = {
      usernameFragment: of('ice-ufrag'),
      password: of('ice-pwd'),
      fingerprint: of('fingerprint').replace('sha-256 ', ''),
    };
    try {
      const given = await call('repair', sample, keys);
      facts.repaired = typeof given === 'string' ? given : '';
      if (typeof given !== 'string') {
        facts.refused = `\`repair()\` gave ${given === undefined ? 'nothing' : typeof given}, not a text.`;
        return;
      }
      const bob = tools.createPeer('bob');
      const answered = Promise.withResolvers<void>();
      bob.addEventListener('icecandidate', ({ candidate }) => {
        void answered.promise.then(() => alice.addIceCandidate(candidate ?? undefined)).catch(() => {});
      });
      await bob.setRemoteDescription({ type: 'offer', sdp: given });
      await bob.setLocalDescription();
      if (bob.localDescription) await alice.setRemoteDescription(bob.localDescription);
      answered.resolve();
    } catch (error) {
      facts.refused = toRtcError(error).message;
    } finally {
      facts.isOver = true;
    }
  },
  checks: [
    {
      id: 'accepted',
      title: 'bob’s browser accepts it, and alice’s takes his answer',
      hint: 'The browser names one thing at a time. Repair it, and it names the next.',
      pass({ facts: { refused, isOver } }) {
        return {
          ok: isOver && refused === '',
          saw: refused === '' ? (isOver ? 'Offer and answer are in force.' : 'Nothing yet.') : refused,
          wanted: '`setRemoteDescription()` resolves on both sides.',
          final: refused !== '',
        };
      },
    },
    {
      id: 'profile',
      title: 'The m-section says that its packets are protected',
      hint: 'It is the third word of the `m=` line.',
      pass({ facts: { repaired, isOver } }) {
        const protocol = modelOrNothing(repaired).media[0]?.protocol ?? '';
        return {
          ok: protocol === 'UDP/TLS/RTP/SAVPF',
          saw: protocol === '' ? 'No m-section could be read.' : `The profile is \`${protocol}\`.`,
          wanted: '`UDP/TLS/RTP/SAVPF`: RTP with feedback, protected by keys that DTLS agreed on.',
          final: isOver,
        };
      },
    },
    {
      id: 'lines',
      title: 'The lines that every m-section needs are there',
      hint: 'A browser may guess what is missing, and the next one refuses it.',
      pass({ facts: { repaired, isOver } }) {
        const lines = modelOrNothing(repaired).lines.map(({ raw }) => raw);
        const missing = Object.values(needed).filter(
          (start) => !lines.some((line) => line.startsWith(start)),
        );
        return {
          ok: missing.length === 0,
          saw:
            missing.length === 0
              ? 'Name, role and one port for both: all there.'
              : `Missing: ${missing.map((line) => `\`${line}\``).join(', ')}.`,
          wanted: 'A name (`a=mid`), the open role of an offer (`a=setup:actpass`), and `a=rtcp-mux`.',
          final: isOver,
        };
      },
    },
    {
      id: 'connected',
      title: 'alice and bob are connected',
      hint: 'An accepted text with wrong keys goes no further: whose user name, password and fingerprint does it carry?',
      async pass(witness) {
        const up = (await witness.connected('alice')) && (await witness.connected('bob'));
        const [alice, bob] = [witness.state('alice'), witness.state('bob')];
        return {
          ok: up,
          saw: `alice’s connection is \`${alice}\`, bob’s is \`${bob}\`.`,
          wanted:
            'Both `connected`: ICE checked with these keys, and DTLS showed the certificate of that hash.',
          final: witness.facts.refused !== '' || alice === 'failed' || bob === 'failed',
        };
      },
    },
  ],
});
