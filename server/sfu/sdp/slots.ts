import type { Source } from '../../../src/protocol/middlebox.ts';
import type { Codec, ConsumerOptions, Extensions } from '../core/types.ts';
import { parameter, type Description } from './read.ts';
import type { OfferedSection } from './write.ts';

/** Somebody's source, as it is to be received. */
export interface Supply {
  /** The same one is never in two m-sections. */
  readonly id: string;
  readonly peer: string;
  readonly source: Source;
  /** As its publisher sends it. */
  readonly codec: Codec;
}

/** The m-section of a supply and what it is sent as. */
export interface Slot<S extends Supply> {
  readonly supply: S;
  readonly mid: string;
  readonly ssrc: number;
  readonly rtxSsrc: number | undefined;
  /** With our payload types. */
  readonly codec: Codec;
  readonly extensions: Extensions;
}

export type Verdict<S extends Supply> =
  /** It can be sent from now on. */
  | { readonly is: 'taken'; readonly slot: Slot<S> }
  | { readonly is: 'refused'; readonly slot: Slot<S>; readonly why: string };

interface Line<S extends Supply> {
  mid: string;
  kind: 'audio' | 'video';
  isRefused: boolean;
  /** What it says while nothing is sent. */
  codec: Codec;
  slot: Slot<S> | null;
}

/** Four sources of 64 participants. */
const MAX_SLOTS = 256;

/** Ours in every connection down, so that a number never changes its meaning within it (RFC 9143 §9.2). */
const opus: Codec = {
  kind: 'audio',
  name: 'opus',
  payloadType: 111,
  clockRate: 48_000,
  channels: 2,
  parameters: 'minptime=10;useinbandfec=1',
};
const video = (name: string, payloadType: number, parameters = ''): Codec => ({
  kind: 'video',
  name,
  payloadType,
  clockRate: 90_000,
  parameters,
  rtxPayloadType: payloadType + 1,
});
const h264 = (profileLevelId: string) =>
  `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profileLevelId}`;
const vp8 = video('VP8', 96);
const vp9 = video('VP9', 98, 'profile-id=0');
const av1 = video('AV1', 45);
/** By profile, at the level that every browser decodes; what browsers encode as Baseline is Constrained Baseline. */
const profiles = new Map([
  ['42', video('H264', 102, h264('42e01f'))],
  ['4d', video('H264', 104, h264('4d001f'))],
  ['64', video('H264', 106, h264('64001f'))],
]);

const extensionsOf = (kind: 'audio' | 'video'): Extensions =>
  kind === 'audio' ? { mid: 1, absSendTime: 2, audioLevel: 3 } : { mid: 1, absSendTime: 2 };

/** The same stream of media under our numbers. */
export function downCodec({ name, parameters }: Codec): Codec | undefined {
  switch (name) {
    case 'opus':
      return opus;
    case 'VP8':
      return vp8;
    case 'VP9':
      return vp9;
    case 'AV1':
      return av1;
    case 'H264':
      return profiles.get((parameter(parameters, 'profile-level-id') ?? '').slice(0, 2).toLowerCase());
    default:
      return undefined;
  }
}

/**
 * The m-sections of one connection down. A description never has fewer of them than the one before (RFC 9429 §5.2.2):
 * one that is not needed any more is `inactive` and waits for the next supply of its kind, one that was refused is
 * recycled under another mid (§5.2.2, too).
 */
export class Slots<S extends Supply> {
  readonly #lines: Line<S>[] = [];
  readonly #bySupply = new Map<string, Line<S>>();
  readonly #newSsrc: () => number;
  #mids = 0;

  /** @param newSsrc one that is not in use on this connection */
  constructor(newSsrc: () => number) {
    this.#newSsrc = newSsrc;
    // Something has to be offered, also to the first one of a room.
    this.#append('audio', opus);
    this.#append('video', vp8);
  }

  /** Those that carry something. */
  get slots(): Slot<S>[] {
    return this.#lines.flatMap(({ slot }) => (slot ? [slot] : []));
  }

  has(supplyId: string): boolean {
    return this.#bySupply.has(supplyId);
  }

  /** Undefined: nothing can be received under these numbers, or all m-sections are taken. */
  add(supply: S): Slot<S> | undefined {
    const codec = downCodec(supply.codec);
    if (!codec || this.has(supply.id)) return undefined;
    const free =
      this.#lines.find((line) => line.kind === codec.kind && !line.isRefused && !line.slot) ??
      this.#lines.find((line) => line.isRefused);
    const line = free ?? (this.#lines.length < MAX_SLOTS ? this.#append(codec.kind, codec) : undefined);
    if (!line) return undefined;
    if (line.isRefused) line.mid = this.#nextMid();
    line.isRefused = false;
    line.kind = codec.kind;
    line.codec = codec;
    line.slot = {
      supply,
      mid: line.mid,
      ssrc: this.#newSsrc(),
      rtxSsrc: codec.rtxPayloadType === undefined ? undefined : this.#newSsrc(),
      codec,
      extensions: extensionsOf(codec.kind),
    };
    this.#bySupply.set(supply.id, line);
    return line.slot;
  }

  /** Its m-section is free. False: there was none. */
  remove(supplyId: string): boolean {
    const line = this.#bySupply.get(supplyId);
    if (!line) return false;
    this.#bySupply.delete(supplyId);
    line.slot = null;
    return true;
  }

  offer(): OfferedSection[] {
    return this.#lines.map(({ kind, mid, isRefused, codec, slot }) => ({
      kind,
      mid,
      isRefused,
      codec,
      extensions: extensionsOf(kind),
      sends: slot && {
        // What is looked at with what is heard belongs to one stream: it is played in step.
        stream: slot.supply.source.startsWith('screen') ? `${slot.supply.peer}-screen` : slot.supply.peer,
        track: `${slot.supply.peer}-${slot.supply.source}-${slot.mid}`,
        cname: slot.supply.peer,
        ssrc: slot.ssrc,
        rtxSsrc: slot.rtxSsrc,
      },
    }));
  }

  /** Why an answer does not fit what was offered; undefined when it does. */
  static misfit(offered: readonly OfferedSection[], answer: Description): string | undefined {
    const { sections } = answer;
    if (sections.length !== offered.length)
      return `it answers ${sections.length} m-sections, and ${offered.length} were offered`;
    const odd = offered.findIndex(
      ({ mid, kind }, index) => sections[index]?.mid !== mid || sections[index]?.kind !== kind,
    );
    return odd < 0 ? undefined : `its m-section ${odd + 1} is not the one that was offered there`;
  }

  /**
   * What an answer makes of each m-section of its offer. Supplies that have come or gone since are not in it.
   *
   * @param slots those that were in the offer
   */
  settle(offered: readonly OfferedSection[], slots: readonly Slot<S>[], answer: Description): Verdict<S>[] {
    const sections = new Map(answer.sections.map((section) => [section.mid, section]));
    const verdicts: Verdict<S>[] = [];
    for (const { mid, isRefused } of offered) {
      const line = this.#lines.find((candidate) => candidate.mid === mid);
      const section = sections.get(mid);
      if (!line || !section || isRefused) continue;
      const slot = slots.find((candidate) => candidate.mid === mid);
      const isPresent = slot !== undefined && line.slot === slot;
      // Browsers accept an m-section that is not used at the moment.
      if (!section.isAlive) {
        line.isRefused = true;
        if (line.slot) this.#bySupply.delete(line.slot.supply.id);
        // One that has come since the offer has lost its place, too: it is missing, and is added again.
        line.slot = null;
        if (isPresent) verdicts.push({ is: 'refused', slot, why: 'its m-section was refused' });
        continue;
      }
      if (!isPresent) continue;
      const receives = section.direction === 'recvonly' || section.direction === 'sendrecv';
      const hasCodec = section.codecs.some(({ payloadType }) => payloadType === slot.codec.payloadType);
      if (receives && hasCodec) verdicts.push({ is: 'taken', slot });
      else
        verdicts.push({
          is: 'refused',
          slot,
          why: receives ? `it does not take ${slot.codec.name}` : 'it does not receive there',
        });
    }
    return verdicts;
  }

  #append(kind: 'audio' | 'video', codec: Codec): Line<S> {
    const line = { mid: this.#nextMid(), kind, isRefused: false, codec, slot: null };
    this.#lines.push(line);
    return line;
  }

  #nextMid(): string {
    this.#mids += 1;
    return `d${this.#mids}`;
  }
}

/** As the core asks for it. */
export function consumerOptions(slot: Slot<Supply>, peer: ConsumerOptions['peer']): ConsumerOptions {
  const { mid, ssrc, rtxSsrc, codec, extensions } = slot;
  return {
    peer,
    mid,
    payloadType: codec.payloadType,
    ssrc,
    extensions,
    ...(codec.rtxPayloadType !== undefined && { rtxPayloadType: codec.rtxPayloadType }),
    ...(rtxSsrc !== undefined && { rtxSsrc }),
  };
}
