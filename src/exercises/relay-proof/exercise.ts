import type { Bench } from '../../rtc/index.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

/** The server as a person would be told of it. */
export interface TurnServer {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** The server of this site, with a user name of the peer's own. */
async function serverFor(bench: Bench, name: string): Promise<TurnServer> {
  const [server] = await bench.iceServers(name, { transports: ['udp'] });
  const url = new URL(String([server?.urls].flat()[0]).replace(/^turn:/, 'http://'));
  return {
    host: url.hostname,
    port: Number(url.port),
    username: server?.username ?? '',
    password: server?.credential ?? '',
  };
}

export default defineExercise({
  kind: 'repair',
  title: 'A relay that is really used',
  task: [
    'This configuration was copied from a web page. It has three faults: the browser refuses it, and were it accepted, a call within this computer would not need the relay and would never use it.',
    'Repair `configure()` so that every packet of the call goes over the TURN server of this site. Both peers are given what it returns.',
  ],
  hints: [
    'Run it and read the browser’s own words: they name the first fault, then the second.',
    'A URL of a TURN server begins with `turn:` (RFC 7065). The password’s member has another name in `RTCIceServer`: no s at its end.',
    'What takes the better pairs out of the race is `iceTransportPolicy`.',
  ],
  limitMs: 16_000,
  async play({ bench, tools, call }) {
    const open = async (name: string) =>
      tools.createPeer(name, (await call('configure', await serverFor(bench, name))) as RTCConfiguration);
    const pcs = { alice: await open('alice'), bob: await open('bob') };
    for (const [self, other] of [
      ['alice', 'bob'],
      ['bob', 'alice'],
    ] as const) {
      const pc = pcs[self];
      const channel = tools.signaling(self);
      pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
      channel.receive(async (_, signal) => {
        if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
        await pc.setRemoteDescription(signal.description);
        if (signal.description.type !== 'offer') return;
        await pc.setLocalDescription();
        await channel.send(other, { description: pc.localDescription });
      });
    }
    const stream = await tools.media('alice');
    for (const track of stream.getTracks()) pcs.alice.addTrack(track, stream);
    await pcs.alice.setLocalDescription();
    await tools.signaling('alice').send('bob', { description: pcs.alice.localDescription });
  },
  checks: [
    {
      id: 'accepted',
      title: 'The browser accepts the configuration',
      hint: 'The browser’s own words stand above.',
      pass: (witness) => {
        const ok = witness.opened('alice') > 0 && witness.opened('bob') > 0;
        return {
          ok,
          saw: ok ? 'Both connections were made.' : 'The constructor of `RTCPeerConnection` refused it.',
          wanted: 'A URL with its scheme, and a user name with its `credential`.',
        };
      },
    },
    {
      id: 'only',
      title: 'Nothing but the relay is offered',
      when: 'end',
      hint: '`iceTransportPolicy` says which candidates may be used.',
      pass: ({ entries }) => {
        const types = entries.flatMap((entry) =>
          entry.kind === 'candidate' && entry.side === 'local'
            ? [/ typ (\w+)/.exec(entry.candidate)?.[1] ?? '']
            : [],
        );
        const others = types.filter((type) => type !== 'relay');
        return {
          ok: types.length > 0 && others.length === 0,
          saw:
            types.length === 0
              ? 'No candidate was found at either end.'
              : `${types.length} candidates were found: ${[...new Set(types)].map((type) => `\`${type}\``).join(', ')}.`,
          wanted: 'Candidates of type `relay`, and of no other.',
        };
      },
    },
    {
      id: 'relayed',
      title: 'The selected pair is relay and relay',
      hint: 'Without candidates of another type there can be no other pair.',
      async pass(witness) {
        const pair = await witness.pair('alice');
        const saw = pair
          ? `alice’s selected pair is \`${pair.local}\` and \`${pair.remote}\`.`
          : `alice has no selected pair; her connection is \`${witness.state('alice')}\`.`;
        return {
          ok: pair?.local === 'relay' && pair.remote === 'relay',
          saw,
          wanted: '`relay` at both ends.',
        };
      },
    },
    {
      id: 'frames',
      title: 'Pictures arrive over it',
      hint: 'No pair, no pictures: look at the check above first.',
      async pass(witness) {
        const frames = witness.frames('bob').length;
        const pair = await witness.pair('bob');
        const isRelayed = pair?.local === 'relay';
        return {
          ok: isRelayed && frames >= 10 && pair.bytesReceived > 10_000,
          saw: `bob has seen ${frames} different frames; ${pair?.bytesReceived ?? 0} bytes came over ${pair ? `a \`${pair.local}\` candidate` : 'no pair'}.`,
          wanted: '10 frames of alice’s, and more than 10 000 bytes, over a `relay` candidate.',
        };
      },
    },
    {
      id: 'server',
      title: 'The server has relayed bytes',
      hint: 'What the server counts cannot be talked round: is there an allocation of yours?',
      pass: ({ entries }) => {
        const isSilent = entries.some(
          ({ kind, ...entry }) =>
            kind === 'note' && 'text' in entry && entry.text.includes('cannot be shown'),
        );
        const last = entries.findLast((entry) => entry.kind === 'allocations');
        const bytes = last?.list.reduce((sum, { fromClient }) => sum + fromClient.bytes, 0) ?? 0;
        return {
          ok: isSilent || bytes > 0,
          saw: isSilent
            ? 'The TURN server is not this site’s own and does not tell.'
            : `${last?.list.length ?? 0} allocations of this call, ${bytes} bytes relayed for them.`,
          wanted: 'More than 0 bytes.',
        };
      },
    },
  ],
});
