import { describe, expect, test } from 'vitest';
import { sdpFixture, sdpFixtures } from '../../../tests/fixtures/sdp.ts';
import { Refusal } from '../../signaling/refusal.ts';
import type { LocalDescription } from '../transport/transport.ts';
import { choose, type Chosen, fromLowest } from './choose.ts';
import { readDescription, type Description } from './read.ts';
import { downCodec, Slots, type Supply } from './slots.ts';
import { writeAnswer, writeOffer } from './write.ts';

const local: LocalDescription = {
  usernameFragment: 'abcd',
  password: 'abcdefghijklmnopqrstuv',
  fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
  setup: 'passive',
  candidates: ['1 1 udp 2130706431 192.0.2.2 3520 typ host'],
  lite: false,
};
const origin = { sessionId: '7', version: 2 };

const chosenOf = (offer: Description): Map<string, Chosen> =>
  new Map(
    offer.sections.flatMap((section) => {
      const agreed = choose(section, 'transport-cc');
      return agreed ? [[section.mid, agreed] as const] : [];
    }),
  );
const answerTo = (sdp: string) => {
  const offer = readDescription(sdp);
  return writeAnswer(offer, chosenOf(offer), local, origin);
};

describe('an offer of a browser', () => {
  test.each(['chromium-156', 'firefox-153'])('%s: sound, picture and data are read', (browser) => {
    const { sections, transport, sessionId } = readDescription(
      sdpFixture(`${browser}-offer-audio-video-data`),
    );
    expect(sections.map(({ kind, isAlive, direction }) => [kind, isAlive, direction])).toEqual([
      ['audio', true, 'sendrecv'],
      ['video', true, 'sendrecv'],
      ['application', true, 'sendrecv'],
    ]);
    expect(sections[0]?.codecs.map(({ name }) => name)).toEqual(['opus']);
    expect(sections[1]?.codecs[0]).toMatchObject({ name: 'VP8', clockRate: 90_000 });
    expect(sections[1]?.codecs[0]?.rtxPayloadType).toBeGreaterThan(0);
    expect(sections[0]?.extensions.audioLevel).toBeGreaterThan(0);
    expect(sections[1]?.ssrcs).toEqual([{ ssrc: expect.any(Number), rtx: expect.any(Number) }]);
    expect(transport.setup).toBe('actpass');
    expect(sessionId).toMatch(/^\d+$/);
  });

  test.each(['chromium-156', 'firefox-153'])(
    '%s: of max-bundle no m-section is taken for refused',
    (browser) => {
      const { sections } = readDescription(sdpFixture(`${browser}-offer-bundle-max-bundle`));
      expect(sections.every(({ isAlive }) => isAlive)).toBe(true);
    },
  );

  test.each(['chromium-156', 'firefox-153'])('%s: layers of simulcast are answered', (browser) => {
    const sdp = sdpFixture(`${browser}-offer-simulcast`);
    const offer = readDescription(sdp);
    expect(chosenOf(offer).get('0')).toMatchObject({
      rids: ['l', 'm', 'h'],
      feedback: 'transport-cc',
      codec: { name: 'VP8' },
      extensions: {
        rid: expect.any(Number),
        repairedRid: expect.any(Number),
        transportCc: expect.any(Number),
      },
    });
    const answer = answerTo(sdp);
    expect(answer).toContain('a=simulcast:recv h;m;l\r\n');
    expect(answer).toContain('a=rid:l recv\r\n');
    expect(answer).not.toContain('goog-remb');
    expect(answer.match(/a=rtpmap/g)).toHaveLength(2);
  });

  test('what is asked for with REMB has nothing of transport-wide feedback', () => {
    const offer = readDescription(sdpFixture('chromium-156-offer-simulcast'));
    const agreed = choose(offer.sections[0]!, 'remb');
    expect(agreed?.feedback).toBe('goog-remb');
    const answer = writeAnswer(offer, new Map([['0', agreed!]]), local, origin);
    expect(answer).toContain('goog-remb');
    expect(answer).not.toMatch(/transport-cc|transport-wide-cc/);
  });

  test('the first codec of an m-line that can be forwarded is taken: its order is a preference', () => {
    const sdp = sdpFixture('chromium-156-offer-simulcast');
    const preferring = (type: string) =>
      sdp.replace(
        /(SAVPF )(.*)/,
        (_, head: string, all: string) => `${head}${type} ${all.replace(` ${type}`, '')}`,
      );
    const codecOf = (text: string) => choose(readDescription(text).sections[0]!, 'remb')?.codec;
    expect(codecOf(preferring('45'))).toMatchObject({ name: 'AV1', payloadType: 45, rtxPayloadType: 46 });
    expect(codecOf(preferring('98'))?.name).toBe('VP9');
    // Packetization mode 0 and 10 bits are not what all receive.
    expect(codecOf(preferring('104'))?.payloadType).toBe(96);
    expect(codecOf(preferring('100'))?.payloadType).toBe(96);
    expect(codecOf(preferring('108'))).toMatchObject({ name: 'H264', payloadType: 108 });
  });

  test('an m-section that sends nothing, or nothing that can be forwarded, is refused in its place', () => {
    const answer = answerTo(
      sdpFixture('chromium-156-offer-audio-video-data').replace('a=sendrecv', 'a=recvonly'),
    );
    const lines = answer.split('\r\n');
    expect(lines.filter((line) => line.startsWith('m='))).toEqual([
      expect.stringMatching(/^m=audio 0 /),
      expect.stringMatching(/^m=video 9 UDP\/TLS\/RTP\/SAVPF 96 97$/),
      expect.stringMatching(/^m=application 9 /),
    ]);
    expect(lines.find((line) => line.startsWith('a=group'))).toBe('a=group:BUNDLE 1 2');
    expect(lines.filter((line) => line.startsWith('a=candidate'))).toHaveLength(1);
    expect(readDescription(answer).sections.map(({ isAlive }) => isAlive)).toEqual([false, true, true]);
  });

  test('layers are ordered by their names where these tell, else the most preferred is the highest', () => {
    expect(fromLowest(['h', 'l', 'm'])).toEqual(['l', 'm', 'h']);
    expect(fromLowest(['f', 'h', 'q'])).toEqual(['q', 'h', 'f']);
    expect(fromLowest(['best', 'good', 'poor'])).toEqual(['poor', 'good', 'best']);
  });
});

describe('bad descriptions', () => {
  const good = sdpFixture('firefox-153-offer-audio-video-data');
  test.each([
    ['empty', '', 'does not begin with v=0'],
    ['no text', 'v=0\r\n\0\0\r\n', 'is not “letter=value”'],
    ['without m-sections', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n', 'no m-section'],
    ['two megabytes', `v=0\r\n${'a=x\r\n'.repeat(400_000)}`, 'longer than'],
    ['with many lines', `v=0\r\n${'a=x\n'.repeat(20_000)}`, 'lines'],
    ['with many m-sections', `v=0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(400)}`, 'm-sections'],
    ['without a user fragment', good.replaceAll(/a=ice-ufrag.*\r\n/g, ''), 'ICE credentials'],
    ['with a short password', good.replaceAll(/a=ice-pwd.*\r\n/g, 'a=ice-pwd:short\r\n'), 'ICE credentials'],
    ['without a fingerprint', good.replaceAll(/a=fingerprint.*\r\n/g, ''), 'fingerprint'],
    [
      'with a SHA-1 fingerprint',
      good.replaceAll(/a=fingerprint:sha-256/g, 'a=fingerprint:sha-1'),
      'fingerprint',
    ],
    ['without mids', good.replaceAll(/a=mid.*\r\n/g, ''), 'a=mid'],
    ['with one mid twice', good.replaceAll(/a=mid.*\r\n/g, 'a=mid:0\r\n'), 'the same a=mid'],
    ['with an odd m-line', good.replace(/m=audio.*/, 'm=audio nine UDP 0'), 'm-line'],
    ['with an odd setup', good.replaceAll(/a=setup.*/g, 'a=setup:holdconn'), 'a=setup'],
  ])('%s: refused with a sentence', (_, sdp, why) => {
    expect(() => readDescription(sdp)).toThrow(
      expect.objectContaining({ code: 'bad-description', message: expect.stringContaining(why) }),
    );
  });

  test('ten thousand mutated descriptions of browsers are read or refused', () => {
    const originals = [...sdpFixtures.values()];
    let seed = 1;
    // The minimal standard generator of Park and Miller.
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let i = 0; i < 10_000; i += 1) {
      const lines = originals[random(originals.length)]!.split('\r\n');
      for (let changes = random(4); changes >= 0; changes -= 1) {
        const at = random(lines.length);
        const line = lines[at]!;
        const cut = random(line.length + 1);
        const other = lines[random(lines.length)]!;
        lines[at] = [
          line.slice(0, cut),
          line + other,
          other,
          `${line.slice(0, cut)}${'9'.repeat(random(40))}${line.slice(cut)}`,
          line.replace(/\d+/, '4294967296'),
          String.fromCharCode(random(65_536)),
        ][random(6)]!;
      }
      const text = lines.join('\r\n');
      try {
        const description = readDescription(text);
        const answer = writeAnswer(description, chosenOf(description), local, origin);
        // What is copied from an offer breaks no line of our own.
        expect(answer.split('\r\n').every((line) => line === '' || /^[a-z]=/.test(line))).toBe(true);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
  }, 30_000);
});

describe('the m-sections of a connection down', () => {
  const vp8 = { kind: 'video', name: 'VP8', payloadType: 120, clockRate: 90_000, parameters: '' } as const;
  const opus = {
    kind: 'audio',
    name: 'opus',
    payloadType: 109,
    clockRate: 48_000,
    channels: 2,
    parameters: '',
  } as const;
  const supply = (peer: string, source: 'camera' | 'microphone'): Supply => ({
    id: `${peer}-${source}`,
    peer,
    source,
    codec: source === 'camera' ? vp8 : opus,
  });
  const make = () => {
    let ssrc = 0;
    return new Slots(() => (ssrc += 1));
  };
  /** Answers as a browser does that receives all, but m-sections with these mids. */
  const answer = (slots: Slots<Supply>, ...refused: string[]) => {
    const offered = slots.offer();
    const { sections } = readDescription(writeOffer(offered, local, origin));
    const description: Description = {
      sessionId: '1',
      transport: local,
      sections: sections.map((section) => ({
        ...section,
        isAlive: section.isAlive && !refused.includes(section.mid),
        direction: section.direction === 'sendonly' ? 'recvonly' : 'inactive',
      })),
    };
    return slots.settle(offered, slots.slots, description);
  };
  const mLines = (slots: Slots<Supply>) =>
    slots.offer().map(({ mid, kind, sends }) => [mid, kind, sends !== null]);

  test('something is offered to the first of a room', () => {
    const sdp = writeOffer(make().offer(), local, origin);
    expect(readDescription(sdp).sections.map(({ kind, direction }) => [kind, direction])).toEqual([
      ['audio', 'inactive'],
      ['video', 'inactive'],
    ]);
  });

  test('are kept, and used again by the next of their kind with SSRCs of its own', () => {
    const slots = make();
    slots.add(supply('alice', 'microphone'));
    const first = slots.add(supply('alice', 'camera'));
    slots.add(supply('bob', 'camera'));
    expect(mLines(slots)).toEqual([
      ['d1', 'audio', true],
      ['d2', 'video', true],
      ['d3', 'video', true],
    ]);
    expect(slots.remove('alice-camera')).toBe(true);
    expect(mLines(slots)).toEqual([
      ['d1', 'audio', true],
      ['d2', 'video', false],
      ['d3', 'video', true],
    ]);
    const second = slots.add(supply('carol', 'camera'));
    expect(second?.mid).toBe('d2');
    expect(second?.ssrc).not.toBe(first?.ssrc);
    expect(slots.offer()).toHaveLength(3);
  });

  test('one that was refused is recycled under another mid', () => {
    const slots = make();
    slots.add(supply('alice', 'camera'));
    expect(answer(slots, 'd2')).toMatchObject([{ is: 'refused', slot: { supply: { id: 'alice-camera' } } }]);
    expect(writeOffer(slots.offer(), local, origin)).toMatch(/m=video 0 /);
    slots.add(supply('bob', 'microphone'));
    slots.add(supply('carol', 'microphone'));
    expect(mLines(slots)).toEqual([
      ['d1', 'audio', true],
      ['d3', 'audio', true],
    ]);
  });

  test('a supply that has gone before the answer is not settled, nor one that has come', () => {
    const slots = make();
    slots.add(supply('alice', 'camera'));
    const offered = slots.offer();
    const then = slots.slots;
    slots.remove('alice-camera');
    slots.add(supply('bob', 'camera'));
    const { sections, transport } = readDescription(writeOffer(offered, local, origin));
    const received = sections.map((section) => ({ ...section, direction: 'recvonly' as const }));
    expect(slots.settle(offered, then, { sessionId: '1', transport, sections: received })).toEqual([]);
    expect(answer(slots)).toMatchObject([{ is: 'taken', slot: { supply: { id: 'bob-camera' } } }]);
  });

  test('a codec that the receiver does not take gets a reason', () => {
    const slots = make();
    slots.add(supply('alice', 'camera'));
    const offered = slots.offer();
    const { sections, transport } = readDescription(writeOffer(offered, local, origin));
    const without = sections.map((section) => ({ ...section, codecs: [], direction: 'recvonly' as const }));
    expect(
      slots.settle(offered, slots.slots, { sessionId: '1', transport, sections: without }),
    ).toMatchObject([{ is: 'refused', why: 'it does not take VP8' }]);
  });

  test('an answer with other m-sections does not fit', () => {
    const slots = make();
    const description = readDescription(writeOffer(slots.offer(), local, origin));
    expect(Slots.misfit(slots.offer(), description)).toBeUndefined();
    expect(Slots.misfit(slots.offer(), { ...description, sections: [] })).toMatch('2 were offered');
    expect(
      Slots.misfit(slots.offer(), { ...description, sections: description.sections.toReversed() }),
    ).toMatch('m-section 1');
  });

  test('every profile of H.264 that is taken has a number of its own', () => {
    const h264 = (profile: string) => ({ ...vp8, name: 'H264', parameters: `profile-level-id=${profile}` });
    const types = ['42001f', '42E01F', '4d001f', '640c1f'].map(
      (profile) => downCodec(h264(profile))?.payloadType,
    );
    expect(types).toEqual([102, 102, 104, 106]);
    expect(downCodec(h264('ffffff'))).toBeUndefined();
  });
});
