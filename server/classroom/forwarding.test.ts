import { pino } from 'pino';
import { expect, test } from 'vitest';
import { pictureLoss } from '../rtp/rtcp.ts';
import type { TransportEvents, Transports } from '../sfu/transport/transport.ts';
import { Forwarding, type StageEvents } from './forwarding.ts';

const offer = [
  'v=0',
  'o=- 42 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendonly',
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=ssrc-group:FID 1234 5678',
  'a=ssrc:1234 cname:x',
  'a=ssrc:5678 cname:x',
  '',
].join('\r\n');

/** Connections without a network, that note what they are asked to send. */
function setup(isOn = true) {
  const opened: { events: TransportEvents; rtp: Buffer[]; rtcp: Buffer[]; isClosed: boolean }[] = [];
  const open = (events: TransportEvents) => {
    const one = { events, rtp: [] as Buffer[], rtcp: [] as Buffer[], isClosed: false };
    opened.push(one);
    return Promise.resolve({
      local: {
        usernameFragment: 'u',
        password: 'p',
        fingerprint: { algorithm: 'sha-256', value: 'AB' },
        setup: 'passive' as const,
        candidates: ['1 1 UDP 1 127.0.0.1 9 typ host'],
        lite: false,
      },
      state: 'connected' as const,
      sendRtp: (packet: Buffer) => void one.rtp.push(packet),
      sendRtcp: (packet: Buffer) => void one.rtcp.push(packet),
      sendMessage: () => false,
      buffered: () => 0,
      close: () => void (one.isClosed = true),
      accept: () => {},
    });
  };
  const transports: Transports = {
    name: 'none',
    port: 0,
    answer: (_, { events }) => open(events),
    offer: ({ events }) => open(events),
    close: () => {},
  };
  const forwarding = new Forwarding({
    open: () => Promise.resolve(transports),
    isOn,
    now: () => 0,
    log: pino({ level: 'silent' }),
  });
  const heard = { packets: [] as Buffer[], wished: [] as string[] };
  const batched = Promise.withResolvers<void>();
  const events: StageEvents = {
    packets: (packets) => (heard.packets.push(...packets), batched.resolve()),
    wished: (viewer) => void heard.wished.push(viewer),
  };
  return { forwarding, events, opened, heard, batched };
}

const rtp = (sequence: number) => {
  const packet = Buffer.alloc(40);
  packet[0] = 0x80;
  packet.writeUInt16BE(sequence, 2);
  return packet;
};

test('what the publisher sends is handed over, what comes back goes to the viewer that it names', async () => {
  const { forwarding, events, opened, heard, batched } = setup();
  const { stage, sdp } = await forwarding.publish(offer, events);
  expect(sdp).toMatch(/a=recvonly/);
  expect(sdp).not.toMatch(/extmap:|rtx|transport-cc/);
  const offered = await stage.view('bob');
  expect(offered).toMatch(/a=ssrc:1234 cname:alice/);
  stage.answer('bob', offer);
  await stage.view('carol');
  const [alice, bob, carol] = opened;
  alice!.events.rtp(rtp(7));
  await batched.promise;
  expect(heard.packets.map((packet) => packet.readUInt16BE(2))).toEqual([7]);
  stage.send([
    { to: 'bob', packet: rtp(1).toString('base64') },
    { to: 'nobody', packet: rtp(1).toString('base64') },
    { to: 'carol', packet: Buffer.from('no RTP at all').toString('base64') },
  ]);
  expect([bob?.rtp.length, carol?.rtp.length]).toEqual([1, 0]);
  bob!.events.rtcp(pictureLoss(1, 1234));
  bob!.events.rtcp(Buffer.from([1, 2, 3]));
  expect(heard.wished).toEqual(['bob']);
  stage.requestKeyFrame();
  expect(alice?.rtcp).toHaveLength(1);
  stage.close();
  expect(opened.every(({ isClosed }) => isClosed)).toBe(true);
});

test('a description, a viewer too many, haste and a server without learners are refused with a reason', async () => {
  const { forwarding, events } = setup();
  await expect(forwarding.publish('nonsense', events)).rejects.toMatchObject({ code: 'bad-description' });
  await expect(forwarding.publish(offer.replace(/a=ssrc.*\r\n/g, ''), events)).rejects.toMatchObject({
    code: 'bad-description',
  });
  const { stage } = await forwarding.publish(offer, events);
  expect(() => stage.answer('bob', offer)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  for (const viewer of 'abcdefgh') await stage.view(viewer);
  await expect(stage.view('i')).rejects.toMatchObject({ code: 'bad-request' });
  const packets = Array.from({ length: 250 }, () => ({ to: 'a', packet: rtp(1).toString('base64') }));
  expect(() => {
    for (let round = 0; round < 9; round++) stage.send(packets);
  }).toThrow(expect.objectContaining({ code: 'rate-limited' }));
  forwarding.close();
  await expect(setup(false).forwarding.publish(offer, events)).rejects.toMatchObject({
    code: 'classroom-unavailable',
  });
});

test('a ninth page has to wait', async () => {
  const { forwarding, events } = setup();
  for (let page = 0; page < 8; page++) await forwarding.publish(offer, events);
  await expect(forwarding.publish(offer, events)).rejects.toMatchObject({ code: 'classroom-busy' });
  forwarding.close();
  await expect(forwarding.publish(offer, events)).resolves.toBeDefined();
  forwarding.close();
});
