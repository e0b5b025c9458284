import { randomInt } from 'node:crypto';
import type {
  ForwardLine,
  ForwardOutput,
  ReceivedSection,
  ServerCandidate,
  Source,
} from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import { keyFrameWishes, nacked, NACK, packetTypes, readBlocks, splitCompound } from '../../rtp/rtcp.ts';
import { Bucket } from '../../signaling/bucket.ts';
import { type RtpPacket, writeRtp } from '../../rtp/rtp.ts';
import type { Codec } from '../../sfu/core/types.ts';
import { readDescription } from '../../sfu/sdp/read.ts';
import { type Slot, Slots, type Supply } from '../../sfu/sdp/slots.ts';
import { candidatesFor, writeOffer } from '../../sfu/sdp/write.ts';
import type { OfferingTransport, Transports } from '../../sfu/transport/transport.ts';
import { BadDescription } from './offer.ts';
import type { Outbox } from './outbox.ts';
import type { Rates } from './statistics.ts';
import { messageOf } from './up.ts';

export interface DownEvents {
  /** The picture cannot begin, or go on, without a key frame. */
  keyFrame(): void;
  /** Share of the picture's packets that the receiver says it has lost, 0 … 1. */
  lost(share: number): void;
  ended(why: string): void;
}

/** Packets that one receiver may have again: more would help nobody. */
const REPAIRS = { burst: 300, perSec: 150 };

/** Both are the mix: whose they are, a description wants to know all the same. */
const MIX = 'mix';
const supply = (source: Source, codec: Codec): Supply => ({ id: source, peer: MIX, source, codec });
const sound = supply('microphone', {
  kind: 'audio',
  name: 'opus',
  payloadType: 111,
  clockRate: 48_000,
  channels: 2,
  parameters: '',
});
const picture = supply('camera', {
  kind: 'video',
  name: 'VP8',
  payloadType: 96,
  clockRate: 90_000,
  parameters: '',
});

class Sending {
  packets = 0;
  bytes = 0;
  repeated = 0;
}

/**
 * What a participant is sent: packets of the picture, which all are sent, and of its own sound. They are handed on as
 * encoders have made them, under this connection's numbers; only what is lost is looked after for each receiver.
 */
export class Down {
  /** Which offer it is for. */
  readonly version: number;
  readonly #events: DownEvents;
  readonly #outbox: Outbox;
  readonly #slots: Slots<Supply>;
  readonly #sending = { microphone: new Sending(), camera: new Sending() };
  readonly #sessionId = String(randomInt(1, 2 ** 47));
  #media: OfferingTransport | undefined;
  #slotOf: { readonly microphone: Slot<Supply>; readonly camera: Slot<Supply> } | undefined;
  #repairSequence = randomInt(0, 2 ** 16);
  readonly #repairs = new Bucket(REPAIRS, performance.now());
  #isClosed = false;

  constructor(version: number, outbox: Outbox, events: DownEvents) {
    this.version = version;
    this.#outbox = outbox;
    this.#events = events;
    const ssrcs = new Set<number>();
    this.#slots = new Slots(() => {
      let ssrc = 0;
      do ssrc = randomInt(1, 2 ** 32);
      while (ssrcs.has(ssrc));
      ssrcs.add(ssrc);
      return ssrc;
    });
  }

  get state(): 'connecting' | 'connected' | 'closed' {
    return this.#isClosed ? 'closed' : (this.#media?.state ?? 'connecting');
  }

  async offer(transports: Transports): Promise<{ sdp: string; sections: ReceivedSection[] }> {
    const media = await transports.offer({
      channels: [],
      events: {
        connected: () => this.#events.keyFrame(),
        rtp: () => {},
        rtcp: (packet) => this.#hear(packet),
        message: () => {},
        closed: (why) => {
          if (this.#isClosed) return;
          this.close();
          this.#events.ended(`The connection down has ended: ${why}.`);
        },
      },
    });
    if (this.#isClosed) {
      media.close();
      throw new BadDescription('another connection has taken its place');
    }
    this.#media = media;
    const [microphone, camera] = [this.#slots.add(sound), this.#slots.add(picture)];
    if (!microphone || !camera) throw new Error('a new connection has room for both');
    this.#slotOf = { microphone, camera };
    const sdp = writeOffer(this.#slots.offer(), media.local, { sessionId: this.#sessionId, version: 1 });
    const sections = [microphone, camera].map(({ mid, supply: { source } }) => ({
      mid,
      peer: null,
      source,
    }));
    return { sdp, sections };
  }

  /** @returns where the mixer is @throws {BadDescription} */
  answer(sdp: string): ServerCandidate[] {
    const offered = this.#slots.offer();
    try {
      const answer = readDescription(sdp);
      const misfit = Slots.misfit(offered, answer);
      if (misfit) throw new BadDescription(misfit);
      for (const verdict of this.#slots.settle(offered, this.#slots.slots, answer))
        if (verdict.is === 'refused') throw new BadDescription(verdict.why);
      if (!this.#media) return [];
      this.#media.accept(answer.transport);
      return candidatesFor(answer, this.#media.local);
    } catch (error) {
      throw new BadDescription(messageOf(error), { cause: error });
    }
  }

  send(source: 'microphone' | 'camera', packet: RtpPacket): void {
    if (this.state !== 'connected' || !this.#slotOf || !this.#media) return;
    const { codec, ssrc } = this.#slotOf[source];
    const { marker, sequence, time } = packet;
    const header = { payloadType: codec.payloadType, marker, sequence, time, ssrc };
    this.#write(source, writeRtp(header, packet.payload));
  }

  /** The encoder's report, under this connection's number: sound and picture are played in step by them. */
  report(source: 'microphone' | 'camera', packet: Buffer): void {
    if (this.state !== 'connected' || !this.#slotOf || packet.length < 28) return;
    const own = Buffer.from(packet.subarray(0, 28));
    own[0] = 0x80; // without blocks: it receives nothing
    own.writeUInt16BE(own.length / 4 - 1, 2);
    own.writeUInt32BE(this.#slotOf[source].ssrc, 4);
    this.#media?.sendRtcp(own);
  }

  line(peer: PeerId, rates: Rates, estimateBps: number, nowMs: number): ForwardLine {
    const bytes = this.#sending.microphone.bytes + this.#sending.camera.bytes;
    const outBitsPerSec = rates.of(`${peer} down out`, bytes, nowMs);
    return { peer, leg: 'down', state: this.state, inBitsPerSec: 0, outBitsPerSec, estimateBps };
  }

  outputs(to: PeerId, rates: Rates, nowMs: number): ForwardOutput[] {
    return (['microphone', 'camera'] as const).map((source) => {
      const { packets, bytes, repeated } = this.#sending[source];
      return {
        to,
        from: null,
        source,
        rid: null,
        target: null,
        forwarding: this.state === 'connected',
        reason: null,
        packets,
        bytes,
        bitsPerSec: rates.of(`${to} out ${source}`, bytes, nowMs),
        repeated,
      };
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#media?.close();
  }

  #hear(compound: Buffer): void {
    const ssrc = this.#slotOf?.camera.ssrc;
    for (const packet of splitCompound(compound) ?? []) {
      switch (packet[1]) {
        case packetTypes.receiverReport:
          for (const block of readBlocks(packet)) if (block.ssrc === ssrc) this.#events.lost(block.lost);
          break;
        case packetTypes.payloadFeedback:
          if (ssrc !== undefined && keyFrameWishes(packet).includes(ssrc)) this.#events.keyFrame();
          break;
        case packetTypes.transportFeedback:
          if ((packet[0]! & 0x1f) === NACK && packet.length >= 12 && packet.readUInt32BE(8) === ssrc)
            for (const sequence of nacked(packet)) this.#repeat(sequence);
          break;
        default:
      }
    }
  }

  /** As RFC 4588 §4 wants it: in a stream of its own, with the number of the one that it repeats in front. */
  #repeat(sequence: number): void {
    const packet = this.#outbox.get(sequence);
    const slot = this.#slotOf?.camera;
    if (!packet || slot?.rtxSsrc === undefined || slot.codec.rtxPayloadType === undefined) return;
    if (!this.#repairs.take(performance.now())) return;
    const original = Buffer.alloc(2);
    original.writeUInt16BE(sequence);
    this.#repairSequence = (this.#repairSequence + 1) & 0xffff;
    const header = {
      payloadType: slot.codec.rtxPayloadType,
      marker: packet.marker,
      sequence: this.#repairSequence,
      time: packet.time,
      ssrc: slot.rtxSsrc,
    };
    this.#sending.camera.repeated += 1;
    this.#write('camera', writeRtp(header, original, packet.payload));
  }

  #write(source: 'microphone' | 'camera', packet: Buffer): void {
    this.#sending[source].packets += 1;
    this.#sending[source].bytes += packet.length;
    this.#media?.sendRtp(packet);
  }
}
