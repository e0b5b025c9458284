/** What any SFU of ours has to do for real browsers, whatever forwards: one test for each of them. */
import { io, type Socket } from 'socket.io-client';
import { expect, type Page } from 'playwright/test';
import type { PublishedSection, Want } from '../../src/protocol/middlebox.ts';
import type { Answer, EventPayload, Reply, RequestName } from '../../src/protocol/signaling.ts';

const WAIT = { timeout: 30_000, intervals: [200] };

const sections: readonly PublishedSection[] = [
  { mid: '0', source: 'microphone' },
  { mid: '1', source: 'camera' },
];

/** What has come down of one source, so far. */
interface Came {
  readonly bytes: number;
  readonly framesDecoded: number;
  readonly frameWidth: number;
  /** Of sound: its level in this moment, 0 to 1 (root of the mean square); undefined where that cannot be measured. */
  readonly level: number | undefined;
}

/** What has gone up so far, of all sources. */
interface Sent {
  readonly bytes: number;
  readonly frames: number;
  readonly streams: number;
}

/** A participant: the requests are made here, its connections are in a page. */
export class Participant {
  readonly name: string;
  readonly #page: Page;
  readonly #socket: Socket;
  /** Of the last offer: the m-section of each source, by whose it is. */
  #sections: EventPayload<'middlebox:offer'>['sections'] = [];
  #answering = Promise.resolve();
  peer = '';

  private constructor(page: Page, name: string, url: string) {
    this.#page = page;
    this.name = name;
    this.#socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
    this.#socket.on('middlebox:offer', (offer: EventPayload<'middlebox:offer'>) => {
      this.#answering = this.#answering.then(() => this.#answer(offer));
    });
  }

  /** @param sends whether it has a connection up: else it watches only */
  static async enter(
    page: Page,
    url: string,
    room: string,
    name: string,
    sends = true,
  ): Promise<Participant> {
    const participant = new Participant(page, name, url);
    await new Promise<void>((resolve, reject) => {
      participant.#socket.once('connect', resolve).once('connect_error', reject);
    });
    const { self } = await participant.#ask('room:join', { room, page: `page-${name}`, kind: 'meeting' });
    participant.peer = self.peer;
    await participant.#ask('media:change', { muted: false, camera: true, screen: false, recording: false });
    if (!sends) {
      await page.evaluate(openNothing, name);
      await participant.#ask('middlebox:receive', { kind: 'sfu' });
      return participant;
    }
    const offer = await page.evaluate(openUp, name);
    const [{ sdp }] = await Promise.all([
      participant.#ask('middlebox:publish', { kind: 'sfu', sdp: offer, sections: [...sections] }),
      participant.#ask('middlebox:receive', { kind: 'sfu' }),
    ]);
    await page.evaluate(takeAnswer, { name, sdp });
    return participant;
  }

  async want(wants: readonly Omit<Want, 'height' | 'source' | 'peer'>[], of: Participant): Promise<void> {
    await this.#ask('middlebox:want', {
      kind: 'sfu',
      wants: wants.map((want) => ({
        ...want,
        peer: of.peer,
        source: 'camera',
        height: Math.round((want.width * 9) / 16),
      })),
    });
  }

  async came(from: Participant, source: 'microphone' | 'camera'): Promise<Came> {
    const section = this.#sections.find(
      (candidate) => candidate.peer === from.peer && candidate.source === source,
    );
    const nothing = { bytes: 0, framesDecoded: 0, frameWidth: 0, level: 0 };
    if (!section) return nothing;
    return (await this.#page.evaluate(readInbound, { name: this.name, mid: section.mid })) ?? nothing;
  }

  sent(): Promise<Sent> {
    return this.#page.evaluate(readOutbound, this.name);
  }

  /**
   * Whether the other one's tone comes, at the level that it is sent with. Firefox runs no audio graph where there is no
   * sound device, as in a test: there it is asked whether packets come that are more than silence.
   */
  async hears(from: Participant): Promise<boolean> {
    const before = await this.came(from, 'microphone');
    if (before.level !== undefined) return before.level > 0.05;
    await this.#page.waitForTimeout(500);
    const { bytes } = await this.came(from, 'microphone');
    return bytes - before.bytes > 800;
  }

  close(): void {
    this.#socket.disconnect();
  }

  async #answer({ version, sdp, sections: offered }: EventPayload<'middlebox:offer'>): Promise<void> {
    const answer = await this.#page.evaluate(answerDown, { name: this.name, sdp });
    this.#sections = offered;
    const { candidates } = await this.#ask('middlebox:answer', { kind: 'sfu', version, sdp: answer });
    await this.#page.evaluate(addCandidates, { name: this.name, candidates });
  }

  async #ask<N extends RequestName>(name: N, payload: unknown): Promise<Answer<N>> {
    const reply = (await this.#socket.timeout(20_000).emitWithAck(name, payload)) as Reply<Answer<N>>;
    if (!reply.ok) throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}`);
    return reply.value;
  }
}

/**
 * Three participants in one page: pictures are decoded and sounds heard; a larger tile gets a higher layer; a picture that
 * nobody looks at costs nothing.
 *
 * @param page any page of this machine (a secure context), where microphones and sounds are allowed
 * @param url of a server with an SFU
 * @returns how long it took until the larger tile had the higher layer, in milliseconds
 */
export async function forwardsAsWanted(page: Page, url: string): Promise<number> {
  const participants: Participant[] = [];
  try {
    for (const name of ['alice', 'bob', 'carol'])
      participants.push(await Participant.enter(page, url, 'forwarding', name));
    const [alice, bob, carol] = participants as [Participant, Participant, Participant];

    await bob.want([{ width: 240, pinned: false }], alice);
    await expect.poll(async () => (await bob.came(alice, 'camera')).framesDecoded, WAIT).toBeGreaterThan(5);
    for (const other of [alice, carol]) await expect.poll(() => bob.hears(other), WAIT).toBe(true);
    const small = (await bob.came(alice, 'camera')).frameWidth;
    expect((await bob.came(carol, 'camera')).framesDecoded).toBe(0);

    const askedAt = performance.now();
    await bob.want([{ width: 1280, pinned: true }], alice);
    const width = async () => (await bob.came(alice, 'camera')).frameWidth;
    await expect.poll(width, { ...WAIT, intervals: [50] }).toBeGreaterThan(small);
    const switchMs = performance.now() - askedAt;

    await bob.want([], alice);
    // What is on its way still comes; then nothing does.
    let before = -1;
    await expect
      .poll(
        async () => {
          const last = before;
          before = (await bob.came(alice, 'camera')).bytes;
          return before - last;
        },
        { timeout: 30_000, intervals: [700] },
      )
      .toBe(0);
    await expect.poll(() => bob.hears(alice), WAIT).toBe(true);

    await bob.want([{ width: 240, pinned: false }], alice);
    await expect.poll(async () => (await bob.came(alice, 'camera')).bytes, WAIT).toBeGreaterThan(before);
    return switchMs;
  } finally {
    for (const participant of participants) participant.close();
  }
}

interface Connections {
  readonly up?: RTCPeerConnection;
  down?: RTCPeerConnection;
  /** Of each sound that comes, by its m-section. */
  readonly analysers: Map<string, AnalyserNode>;
}
type WithConnections = typeof globalThis & { connections?: Map<string, Connections> };

// What follows runs in the page.

function openNothing(name: string): void {
  const here = globalThis as WithConnections;
  here.connections ??= new Map();
  here.connections.set(name, { analysers: new Map() });
}

async function openUp(name: string): Promise<string> {
  const here = globalThis as WithConnections;
  here.connections ??= new Map();
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const destination = audio.createMediaStreamDestination();
  tone.connect(destination);
  tone.start();
  // Firefox runs no audio graph without a sound device; its fake microphone gives a tone all the same.
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
  const sound =
    audio.state === 'running'
      ? destination.stream
      : await navigator.mediaDevices.getUserMedia({ audio: true });
  const canvas = document.createElement('canvas');
  canvas.width = 960;
  canvas.height = 540;
  const context = canvas.getContext('2d')!;
  let frame = 0;
  setInterval(() => {
    frame += 1;
    context.fillStyle = `hsl(${(frame * 17) % 360} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = 'white';
    context.fillRect((frame * 20) % 900, 200, 60, 60);
  }, 100);
  const up = new RTCPeerConnection();
  here.connections.set(name, { up, analysers: new Map() });
  up.addTransceiver(sound.getAudioTracks()[0]!, { direction: 'sendonly' });
  up.addTransceiver(canvas.captureStream(10).getVideoTracks()[0]!, {
    direction: 'sendonly',
    // As the meeting lists them: the highest first.
    sendEncodings: [
      { rid: 'h', maxBitrate: 400_000 },
      { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 150_000 },
      { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 60_000 },
    ],
  });
  await up.setLocalDescription();
  return up.localDescription!.sdp;
}

async function takeAnswer({ name, sdp }: { name: string; sdp: string }): Promise<void> {
  const here = globalThis as WithConnections;
  await here.connections?.get(name)?.up?.setRemoteDescription({ type: 'answer', sdp });
}

async function answerDown({ name, sdp }: { name: string; sdp: string }): Promise<string> {
  const connections = (globalThis as WithConnections).connections!.get(name)!;
  if (!connections.down) {
    connections.down = new RTCPeerConnection();
    const audio = new AudioContext();
    await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
    connections.down.addEventListener('track', ({ track, transceiver }) => {
      // What is not played is not decoded, nor does Chromium hand its sound on.
      const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
      element.srcObject = new MediaStream([track]);
      element.autoplay = true;
      document.body.append(element);
      if (track.kind !== 'audio' || audio.state !== 'running') return;
      const analyser = audio.createAnalyser();
      audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      connections.analysers.set(transceiver.mid!, analyser);
    });
  }
  const { down } = connections;
  await down.setRemoteDescription({ type: 'offer', sdp });
  await down.setLocalDescription();
  return down.localDescription!.sdp;
}

async function addCandidates({
  name,
  candidates,
}: {
  name: string;
  candidates: RTCIceCandidateInit[];
}): Promise<void> {
  const { down } = (globalThis as WithConnections).connections!.get(name)!;
  for (const candidate of candidates) await down?.addIceCandidate(candidate);
}

async function readInbound({ name, mid }: { name: string; mid: string }): Promise<Came | undefined> {
  const { down, analysers } = (globalThis as WithConnections).connections!.get(name)!;
  const samples = new Float32Array(2048);
  const analyser = analysers.get(mid);
  analyser?.getFloatTimeDomainData(samples);
  const level =
    analyser && Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  const report = await down?.getStats();
  for (const stats of report?.values() ?? []) {
    if (stats.type !== 'inbound-rtp' || stats.mid !== mid) continue;
    return {
      bytes: stats.bytesReceived ?? 0,
      framesDecoded: stats.framesDecoded ?? 0,
      frameWidth: stats.frameWidth ?? 0,
      level,
    };
  }
  return undefined;
}

async function readOutbound(name: string): Promise<Sent> {
  const sent = { bytes: 0, frames: 0, streams: 0 };
  const report = await (globalThis as WithConnections).connections?.get(name)?.up?.getStats();
  for (const stats of report?.values() ?? []) {
    if (stats.type !== 'outbound-rtp') continue;
    sent.bytes += stats.bytesSent ?? 0;
    sent.frames += stats.framesEncoded ?? 0;
    sent.streams += 1;
  }
  return sent;
}
