import * as library from 'node-datachannel';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { choose } from '../sdp/choose.ts';
import { readDescription } from '../sdp/read.ts';
import { candidatesFor, writeAnswer, writeOffer } from '../sdp/write.ts';
import { openNdc } from './ndc.ts';
import { openWerift } from './werift.ts';
import type { MediaTransport, TransportDescription, TransportEvents, Transports } from './transport.ts';

const WAIT = { timeout: 20_000, interval: 10 };
vi.setConfig({ testTimeout: 30_000 });
const address = '127.0.0.1';
const options = { port: 0, bind: address, addresses: () => [address], warn: () => {} };
const channels = [{ id: 0, label: 'words' }];
const origin = { sessionId: '1', version: 1 };

/** One RTP packet (RFC 3550 §5.1) of the library's only SSRC. */
function rtp(sequenceNumber: number): Buffer {
  const packet = Buffer.alloc(112, sequenceNumber);
  packet.writeUInt16BE(0x8060, 0);
  packet.writeUInt16BE(sequenceNumber, 2);
  packet.writeUInt32BE(1_234, 4);
  packet.writeUInt32BE(77, 8);
  return packet;
}

/** A PLI (RFC 4585 §6.3.1). */
function pli(ssrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet.writeUInt32BE(0x81ce0002, 0);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

/** What a transport has told. */
function listener() {
  const heard = {
    connected: 0,
    rtp: [] as Buffer[],
    rtcp: [] as Buffer[],
    messages: [] as unknown[],
    ends: [] as string[],
  };
  const events: TransportEvents = {
    connected: () => (heard.connected += 1),
    rtp: (packet) => heard.rtp.push(packet),
    rtcp: (packet) => heard.rtcp.push(packet),
    message: (channel, message) => heard.messages.push([channel, message.toString()]),
    closed: (why) => heard.ends.push(why),
  };
  return { heard, events };
}

/** Another library's end, as it would be a browser's. */
class Client {
  readonly pc = new library.PeerConnection('client', {
    iceServers: [],
    bindAddress: address,
    disableAutoNegotiation: true,
  });
  readonly channel = this.pc.createDataChannel('words', { negotiated: true, id: 0 });
  readonly packets: Buffer[] = [];
  readonly messages: unknown[] = [];
  isClosed = false;
  #track: library.Track | undefined;

  constructor() {
    this.pc.onStateChange((state) => (this.isClosed ||= state === 'closed'));
    this.pc.onTrack((track) => this.#use(track));
    this.channel.onMessage((message) =>
      this.messages.push(typeof message === 'string' ? message : 'bytes '.concat(String(message.byteLength))),
    );
  }

  async offer(): Promise<string> {
    const video = new library.Video('v', 'SendRecv');
    video.addVP8Codec(96);
    video.addSSRC(77, 'client');
    this.#use(this.pc.addTrack(video));
    return this.#describe('offer');
  }

  async answerTo(sdp: string): Promise<string> {
    this.pc.setRemoteDescription(sdp, 'offer');
    return this.#describe('answer');
  }

  send(packet: Buffer): void {
    this.#track?.sendMessageBinary(packet);
  }

  close(): void {
    this.pc.close();
  }

  async #describe(type: 'offer' | 'answer'): Promise<string> {
    this.pc.setLocalDescription(type);
    await vi.waitFor(() => expect(this.pc.gatheringState()).toBe('complete'), WAIT);
    return this.pc.localDescription()?.sdp ?? '';
  }

  #use(track: library.Track): void {
    this.#track = track;
    track.onMessage((packet) => this.packets.push(packet));
    track.onClosed(() => {});
    track.onOpen(() => {});
  }
}

describe.each([
  ['node-datachannel', openNdc],
  ['werift', openWerift],
] as const)('%s', (name, open) => {
  let transports: Transports;
  const clients: Client[] = [];
  const client = () => {
    const made = new Client();
    clients.push(made);
    return made;
  };

  beforeAll(async () => {
    transports = await open(options);
  });
  afterEach(async () => {
    for (const made of clients) made.close();
    await vi.waitFor(() => expect(clients.every(({ isClosed }) => isClosed)).toBe(true), WAIT);
    clients.length = 0;
  });
  afterAll(() => transports.close());

  async function answered(): Promise<{
    media: MediaTransport;
    alice: Client;
    heard: ReturnType<typeof listener>['heard'];
  }> {
    const alice = client();
    const { heard, events } = listener();
    const offer = readDescription(await alice.offer());
    const media = await transports.answer(offer.transport, { channels, events });
    const chosen = new Map(
      offer.sections.flatMap((section) => {
        const agreed = choose(section, 'remb');
        return agreed ? [[section.mid, agreed] as const] : [];
      }),
    );
    alice.pc.setRemoteDescription(writeAnswer(offer, chosen, media.local, origin), 'answer');
    await vi.waitFor(() => expect(heard.connected).toBe(1), WAIT);
    return { media, alice, heard };
  }

  test('carries packets and messages both ways after an offer of the other side', async () => {
    const { media, alice, heard } = await answered();
    expect(transports.name).toBe(name);
    expect(media.state).toBe('connected');
    await vi.waitFor(() => {
      alice.send(rtp(1));
      alice.send(pli(5));
      expect(heard.rtp.at(-1)?.equals(rtp(1))).toBe(true);
      expect(heard.rtcp.at(-1)?.subarray(0, 12).equals(pli(5))).toBe(true);
      media.sendRtp(rtp(2));
      media.sendRtcp(pli(77));
      expect(alice.packets.some((packet) => packet.equals(rtp(2)))).toBe(true);
      expect(alice.packets.some((packet) => packet.subarray(0, 12).equals(pli(77)))).toBe(true);
    }, WAIT);
    await vi.waitFor(() => expect(alice.channel.isOpen()).toBe(true), WAIT);
    alice.channel.sendMessage('to the server');
    await vi.waitFor(() => expect(heard.messages).toEqual([[0, 'to the server']]), WAIT);
    await vi.waitFor(() => expect(media.sendMessage(0, 'to the client')).toBe(true), WAIT);
    expect(media.sendMessage(0, Buffer.alloc(200_000, 65))).toBe(true);
    await vi.waitFor(() => expect(alice.messages).toEqual(['to the client', 'bytes 200000']), WAIT);
    expect(media.sendMessage(7, 'nobody there')).toBe(false);
  });

  test('carries packets both ways after an offer of its own, on the port that all share', async () => {
    const bob = client();
    const { heard, events } = listener();
    const media = await transports.offer({ channels: [], events });
    const section = {
      kind: 'video',
      mid: 'd1',
      isRefused: false,
      codec: { kind: 'video', name: 'VP8', payloadType: 96, clockRate: 90_000, parameters: '' },
      extensions: {},
      sends: { stream: 'a', track: 'b', cname: 'c', ssrc: 77, rtxSsrc: undefined },
    } as const;
    const offer = writeOffer([section], media.local, origin);
    expect(offer).not.toContain('candidate');
    const answer = readDescription(await bob.answerTo(offer));
    // Who knows where we are before we know who it is has DTLS fail now and then.
    expect(candidatesFor(answer, media.local)).toEqual([]);
    media.accept(answer.transport);
    const [candidate] = candidatesFor(answer, media.local);
    expect(candidate).toMatchObject({ sdpMid: 'd1', usernameFragment: media.local.usernameFragment });
    expect(candidate?.candidate).toContain(` ${address} ${transports.port} typ host`);
    bob.pc.addRemoteCandidate(candidate?.candidate ?? '', 'd1');
    await vi.waitFor(() => expect(heard.connected).toBe(1), WAIT);
    await vi.waitFor(() => {
      media.sendRtp(rtp(3));
      expect(bob.packets.some((packet) => packet.equals(rtp(3)))).toBe(true);
      bob.send(pli(77));
      expect(heard.rtcp.at(-1)?.subarray(0, 12).equals(pli(77))).toBe(true);
    }, WAIT);
    media.close();
    media.sendRtp(rtp(4));
    expect(media.state).toBe('closed');
    expect(heard.ends).toEqual([]);
  });

  test('notices when the other side has closed its connection', async () => {
    const { media, alice, heard } = await answered();
    // Before that it has nobody to take leave of.
    await vi.waitFor(() => expect(alice.channel.isOpen()).toBe(true), WAIT);
    alice.close();
    await vi.waitFor(() => expect(heard.ends).toHaveLength(1), WAIT);
    expect(media.state).toBe('closed');
    expect(media.sendMessage(0, 'too late')).toBe(false);
    expect(media.buffered(0)).toBe(0);
    media.sendRtp(rtp(5));
    media.close();
  });

  test('a wrong fingerprint comes to nothing', async () => {
    const alice = client();
    const { heard, events } = listener();
    const offer = readDescription(await alice.offer());
    const other: TransportDescription = {
      ...offer.transport,
      fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
    };
    const media = await transports.answer(other, { channels, events });
    const section = offer.sections[0];
    const agreed = section && choose(section, 'remb');
    alice.pc.setRemoteDescription(
      writeAnswer(offer, new Map(agreed ? [[section.mid, agreed]] : []), media.local, origin),
      'answer',
    );
    await vi.waitFor(() => expect(heard.ends).toHaveLength(1), WAIT);
    expect(heard.connected).toBe(0);
  });

  test('gives its port back', async () => {
    const other = await open(options);
    const { port } = other;
    expect(port).not.toBe(transports.port);
    other.close();
    other.close();
    await expect(other.offer({ channels: [], events: listener().events })).rejects.toThrow('closed');
    const again = await vi.waitFor(async () => {
      const opened = await open({ ...options, port });
      if (opened.port === port) return opened;
      opened.close();
      throw new Error('it is still taken');
    }, WAIT);
    again.close();
  });
});
