import { expect, test } from 'vitest';
import { randomOf } from '../../lab-kit/random.ts';
import { modelOrNothing } from '../../rtc/sdp/parse.ts';
import { vary } from './vary.ts';

const varied = Array.from({ length: 24 }, (_, seed) => vary(randomOf(seed)));

test('what is to be found is what our parser finds', () => {
  for (const { sdp, facts } of varied) {
    const { media } = modelOrNothing(sdp);
    const video = media.find(({ kind }) => kind === 'video');
    const audio = media.find(({ kind }) => kind === 'audio');
    const vp8 = [...(video?.codecs.values() ?? [])].find(({ name }) => name === 'VP8');
    expect({ ...facts, retransmission: '' }).toMatchObject({
      sections: media.length,
      videoMid: video?.mid,
      audioDirection: audio?.direction,
      vp8: vp8?.payloadType,
      retransmission: '',
    });
    expect(video?.codecs.get(facts.retransmission)?.name).toBe('rtx');
    expect(sdp).toContain(`a=fmtp:${facts.retransmission} apt=${facts.vp8}\r\n`);
  }
});

test('a browser accepts each of the offers', async () => {
  for (const { type, sdp } of varied.slice(0, 12)) {
    if (type !== 'offer') continue;
    const pc = new RTCPeerConnection();
    await pc.setRemoteDescription({ type, sdp });
    expect(pc.signalingState).toBe('have-remote-offer');
    pc.close();
  }
});

test('another seed makes another one, of both kinds and of both browsers', () => {
  expect(new Set(varied.map(({ sdp }) => sdp)).size).toBe(varied.length);
  expect(new Set(varied.map(({ type }) => type)).size).toBe(2);
  expect(new Set(varied.map(({ sdp }) => sdp.includes('mozilla'))).size).toBe(2);
});
