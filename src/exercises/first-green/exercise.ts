import { defineExercise } from '../../lab-kit/exercise/define.ts';

/** Sent by our half when the learner's function has returned: the channel keeps the order, so nothing comes after it. */
const END = '(end of the check)';

export default defineExercise({
  kind: 'complete',
  title: 'Make one check go green',
  task: [
    'alice and bob are connected by a data channel; that part is done for you, with two real connections in this page. Write one line that sends bob the word `hello`.',
    'Press Check first, as it is, and read what a check that fails looks like.',
  ],
  hints: [
    'A channel has a method that sends a text.',
    '`channel.send(…)`, with the word as a string.',
    "`channel.send('hello');`",
  ],
  limitMs: 10_000,
  facts: () => ({ isOver: false, received: [] as string[] }),
  async play({ tools, facts, call, signal }) {
    const alice = tools.createPeer('alice');
    const bob = tools.createPeer('bob');
    alice.addEventListener('icecandidate', ({ candidate }) => {
      void negotiated.then(() => bob.addIceCandidate(candidate ?? undefined));
    });
    bob.addEventListener('icecandidate', ({ candidate }) => {
      void negotiated.then(() => alice.addIceCandidate(candidate ?? undefined));
    });
    bob.addEventListener('datachannel', ({ channel }) => {
      const take = ({ data }: MessageEvent) => {
        if (data === END) facts.isOver = true;
        else facts.received.push(String(data));
      };
      channel.addEventListener('message', take, { signal });
    });
    const channel = alice.createDataChannel('greeting');
    const isOpen = new Promise((resolve) =>
      channel.addEventListener('open', resolve, { once: true, signal }),
    );
    const negotiate = async () => {
      await alice.setLocalDescription();
      if (alice.localDescription) await bob.setRemoteDescription(alice.localDescription);
      await bob.setLocalDescription();
      if (bob.localDescription) await alice.setRemoteDescription(bob.localDescription);
    };
    const negotiated = negotiate();
    await negotiated;
    await isOpen;
    await call('greet', channel);
    channel.send(END);
  },
  checks: [
    {
      id: 'arrived',
      title: 'bob receives your word',
      hint: 'What arrives at bob is looked at, and nothing else: what you log does not count.',
      pass({ facts: { received, isOver } }) {
        return {
          ok: received.includes('hello'),
          saw:
            received.length > 0
              ? `bob received “${received.join('”, “').slice(0, 60)}”.`
              : `bob received nothing${isOver ? '; your function was called, and has returned' : ' yet'}.`,
          wanted: 'bob receives `hello`, over the data channel.',
          final: isOver,
        };
      },
    },
  ],
});
