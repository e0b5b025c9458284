import { isCut } from '../../rtc/faults/plan.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { gapName } from './picture.ts';

/** What is known of one end now. */
export interface End {
  readonly peer: PeerLabel;
  readonly state: RTCPeerConnectionState;
  /** Names of its ICE sessions, the present one last; `a=ice-ufrag` of its own descriptions. */
  readonly fragments: readonly string[];
  /** What the server holds for it; undefined while it holds nothing. */
  readonly relayed: string | undefined;
  /** Frames decoded a second by the last sample. */
  readonly framesPerSecond: number | undefined;
}

/** A moment after the path was taken away. */
export interface Moment {
  readonly seq: number;
  readonly peer: PeerLabel;
  readonly what: RTCPeerConnectionState | 'restart' | 'opened' | 'hung-up' | 'back-in-reach' | 'picture';
  readonly afterMs: number;
  /** Of `picture`: how long there was none. */
  readonly gapMs?: number;
}

/** One loss of the path and what followed. */
export interface Loss {
  readonly seq: number;
  readonly why: 'network' | 'tunnel';
  readonly peer: PeerLabel;
  readonly moments: readonly Moment[];
}

/** What each of the peers has now, as far as the record tells. */
export function endsOf(entries: readonly Entry[], peers: readonly PeerLabel[]): End[] {
  return peers.map((peer) => {
    let state: RTCPeerConnectionState = 'new';
    let relayed: string | undefined;
    let framesPerSecond: number | undefined;
    const fragments: string[] = [];
    for (const entry of entries) {
      if (entry.kind === 'allocations') relayed = entry.list.findLast((one) => one.peer === peer)?.relayed;
      if (entry.peer !== peer) continue;
      if (entry.kind === 'connection-state') state = entry.state;
      if (entry.kind === 'peer-closed') state = 'closed';
      if (entry.kind === 'peer-opened') state = 'new';
      if (entry.kind === 'stats')
        framesPerSecond = entry.sample.inbound.find(({ kind }) => kind === 'video')?.framesPerSecond;
      if (entry.kind !== 'description' || entry.side !== 'local') continue;
      const fragment = /^a=ice-ufrag:(\S+)/m.exec(entry.sdp)?.[1];
      if (fragment !== undefined && fragment !== fragments.at(-1)) fragments.push(fragment);
    }
    return { peer, state, fragments, relayed, framesPerSecond };
  });
}

/** Each loss of the path with what the peers made of it, in their order. Nothing of what came before the first. */
export function lossesOf(entries: readonly Entry[]): Loss[] {
  const losses: (Loss & { readonly moments: Moment[] })[] = [];
  let lostAtMs = 0;
  let isInTunnel = false;
  for (const entry of entries) {
    const { seq, peer, atMs } = entry;
    const begin = (why: Loss['why']) => {
      lostAtMs = atMs;
      losses.push({ seq, why, peer, moments: [] });
    };
    if (entry.kind === 'fault' && entry.fault === 'network') {
      begin('network');
      continue;
    }
    const moments = losses.at(-1)?.moments;
    const note = (what: Moment['what'], gapMs?: number) =>
      moments?.push({ seq, peer, what, afterMs: atMs - lostAtMs, ...(gapMs !== undefined && { gapMs }) });
    if (entry.kind === 'fault' && entry.plan) {
      const cuts = isCut(entry.plan);
      if (cuts && !isInTunnel) begin('tunnel');
      if (!cuts && isInTunnel) note('back-in-reach');
      isInTunnel = cuts;
    } else if (entry.kind === 'connection-state') {
      if (entry.state !== 'new' && entry.state !== 'closed') note(entry.state);
    } else if (entry.kind === 'call' && entry.method === 'restartIce') note('restart');
    else if (entry.kind === 'peer-opened') note('opened');
    else if (entry.kind === 'peer-closed') note('hung-up');
    else if (entry.kind === 'measure' && entry.name === gapName) note('picture', entry.valueMs);
  }
  return losses;
}

/** What came of a loss, in one sentence. */
export function verdictOf({ moments }: Loss): string {
  const first = (...wanted: Moment['what'][]) => moments.find(({ what }) => wanted.includes(what));
  const noticed = first('disconnected', 'failed');
  const gaps = moments.flatMap(({ gapMs }) => gapMs ?? []);
  const lastOf = moments.findLast(({ what }) => what !== 'picture')?.what;
  if (gaps.length > 0) {
    const awayMs = Math.max(...gaps);
    if (!noticed) return `The picture is back. It was away for ${inSeconds(awayMs)}, and no state said so.`;
    const path = moments.find(({ what, afterMs }) => what === 'connected' && afterMs >= noticed.afterMs);
    const pathMs = path && path.afterMs <= awayMs ? path.afterMs : noticed.afterMs;
    const parts = [
      `${inSeconds(noticed.afterMs)} until a browser said so`,
      ...(pathMs > noticed.afterMs
        ? [`${inSeconds(pathMs - noticed.afterMs)} until there was a path again`]
        : []),
      `${inSeconds(Math.max(0, awayMs - pathMs))} until its first frame`,
    ];
    return `The picture is back. It was away for ${inSeconds(awayMs)}: ${parts.join(', ')}.`;
  }
  if (!noticed) return 'The path is dead, and no browser has noticed: the states still say connected.';
  if (lastOf === 'hung-up') return 'The call is over: alice’s code gave up.';
  const path = moments.find(({ what, afterMs }) => what === 'connected' && afterMs >= noticed.afterMs);
  if (path && lastOf === 'connected')
    return `There is a path again after ${inSeconds(path.afterMs)}. No new frame has come over it yet.`;
  if (first('restart', 'opened'))
    return `Noticed after ${inSeconds(noticed.afterMs)}. The way back has begun.`;
  if (first('failed'))
    return `Noticed after ${inSeconds(noticed.afterMs)}, given up by ICE after ${inSeconds(first('failed')!.afterMs)}. From failed no connection comes back by itself.`;
  return `Noticed after ${inSeconds(noticed.afterMs)}. Nothing has been done about it yet.`;
}

/** Milliseconds as seconds with one decimal: `7.1 s`. */
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
