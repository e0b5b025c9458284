import type { Bench } from '../../rtc/index.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

/** What `sign()` gives: the two members of an `RTCIceServer`. */
export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

const MINUTE_MS = 60_000;

export default defineExercise({
  kind: 'complete',
  title: 'Credentials that expire',
  task: [
    'A TURN server gives its relay to whoever knows a password, so a web page must not hold one for ever. The usual way: the site’s own server shares a secret with the TURN server and hands out names that carry their end.',
    'Write `sign()` as such a site would. The user name is the time at which it ends, in seconds since 1970, then a colon, then `user`. The credential is the HMAC-SHA1 of that name with `secret` as its key, in Base64. A name is good for ten minutes.',
    'The TURN server of this site knows the secret, which is for this check alone. It is asked twice: with a name of now, and with one that you sign as if it were twenty minutes ago.',
  ],
  hints: [
    '`nowMs` is in milliseconds; the name has whole seconds in it. What is signed is the whole name, colon included.',
    '`crypto.subtle.importKey()` makes a key of the secret’s bytes, with `{ name: "HMAC", hash: "SHA-1" }`; `crypto.subtle.sign()` gives an `ArrayBuffer`.',
    'Base64 of the bytes: `btoa(String.fromCharCode(...new Uint8Array(signature)))`.',
  ],
  limitMs: 12_000,
  facts: () => ({ now: '', past: '', nowMs: 0, user: '' }),
  async play({ bench, tools, facts, call }) {
    const { session, secret } = await (await bench.wire()).ask('ice:practice', {});
    facts.user = `${session}.alice~practice`;
    facts.nowMs = Date.now();
    const gather = async (peer: string, nowMs: number): Promise<string> => {
      const given = (await call('sign', secret, facts.user, nowMs)) as Partial<Credentials> | undefined;
      const username = String(given?.username);
      const configuration: RTCConfiguration = {
        iceServers: [{ urls: await urlOf(bench), username, credential: String(given?.credential) }],
        iceTransportPolicy: 'relay',
      };
      const pc = tools.createPeer(peer, configuration);
      pc.createDataChannel('exercise');
      await pc.setLocalDescription();
      return username;
    };
    facts.now = await gather('alice', facts.nowMs);
    facts.past = await gather('bob', facts.nowMs - 20 * MINUTE_MS);
  },
  checks: [
    {
      id: 'name',
      title: 'The user name says when it ends',
      hint: 'Seconds since 1970, a colon, and the `user` that you were given.',
      pass: ({ facts: { now, nowMs, user } }) => {
        const [, seconds, rest] = /^(\d+):(.*)$/.exec(now) ?? [];
        const minutes = (Number(seconds) * 1000 - nowMs) / MINUTE_MS;
        return {
          ok: rest === user && user !== '' && Math.abs(minutes - 10) < 0.1,
          saw:
            seconds === undefined
              ? `\`${now || 'nothing'}\`, which does not begin with a number and a colon.`
              : rest === user
                ? `A name that ends ${Math.abs(minutes) < 1_000_000 ? `in ${minutes.toFixed(1)} minutes` : 'in another millennium: are those milliseconds?'}.`
                : 'A name with another user after the colon.',
          wanted: 'A name that ends in 10.0 minutes.',
        };
      },
    },
    {
      id: 'accepted',
      title: 'The TURN server takes it',
      hint: 'It answers 401 when the password is not the one that it computes itself: of the same text, with the same key and hash, in Base64.',
      pass: ({ entries }) => {
        const relay = entries.find(
          (entry) =>
            entry.peer === 'alice' && entry.kind === 'candidate' && entry.candidate.includes(' typ relay'),
        );
        const error = entries.find((entry) => entry.peer === 'alice' && entry.kind === 'candidate-error');
        return {
          ok: relay !== undefined,
          saw: relay
            ? 'The server made an allocation: alice has a `relay` candidate.'
            : `alice has no \`relay\` candidate${error?.kind === 'candidate-error' ? `; the browser reports ${error.errorCode} (${error.errorText})` : ''}.`,
          wanted: 'A candidate of type `relay`, for which the server has to make an allocation.',
        };
      },
    },
    {
      id: 'expired',
      title: 'A name whose time is over is refused',
      hint: 'Is the end computed from `nowMs`, or from a clock of your own?',
      pass: ({ entries, facts }) => {
        const ofBob = entries.filter(({ peer }) => peer === 'bob');
        const relay = ofBob.some(
          (entry) => entry.kind === 'candidate' && entry.candidate.includes(' typ relay'),
        );
        const isOver = ofBob.some(({ kind }) => kind === 'end-of-candidates' || kind === 'candidate-error');
        // Refused for its password it would be, too; only a name that is good otherwise says something about its time.
        const isOtherwiseGood = entries.some(
          (entry) =>
            entry.peer === 'alice' && entry.kind === 'candidate' && entry.candidate.includes(' typ relay'),
        );
        const [seconds = ''] = facts.past.split(':');
        const agoMin = (facts.nowMs - Number(seconds) * 1000) / MINUTE_MS;
        return {
          ok: isOver && !relay && isOtherwiseGood,
          final: relay,
          saw: relay
            ? `The server accepted a name that was signed for twenty minutes ago; it ends in ${(-agoMin).toFixed(1)} minutes.`
            : isOver && isOtherwiseGood
              ? `No relay for a name that ended ${agoMin.toFixed(1)} minutes ago.`
              : 'Nothing can be said yet: the server has not taken a name that is good.',
          wanted: 'No candidate for the old name, though the new one is accepted.',
        };
      },
    },
  ],
});

async function urlOf(bench: Bench): Promise<string> {
  const [server] = await bench.iceServers('alice', { transports: ['udp'] });
  return String([server?.urls].flat()[0]);
}
