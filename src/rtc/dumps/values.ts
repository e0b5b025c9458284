/**
 * Values as the programs that write dumps spell them: objects, JSON inside a string, or (Chromium until 2022)
 * `type: offer, sdp: v=0…`. What cannot be read is `undefined`, or left out.
 */
import { words } from '../words.ts';
import { cut, isObject, limits, member, parseJson, stringOf } from './raw.ts';

/** A string that holds JSON, read; anything else as it is. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > limits.innerLength || !/^\s*[[{"]/.test(value))
    return value;
  return parseJson(value) ?? value;
}

const sdpTypes: readonly RTCSdpType[] = ['offer', 'answer', 'pranswer', 'rollback'];

export interface Description {
  readonly type: RTCSdpType;
  readonly sdp: string;
}

export function descriptionOf(value: unknown): Description | undefined {
  const given = unwrap(value);
  const first: unknown = Array.isArray(given) ? given[0] : (member(given, '0') ?? given);
  const [, oldType, oldSdp] =
    typeof first === 'string' ? (/^type: (\w+), sdp: ([^]*)$/.exec(first) ?? []) : [];
  const type = sdpTypes.find((each) => each === (oldType ?? member(first, 'type')));
  const sdp = oldSdp ?? member(first, 'sdp');
  if (!type || (typeof sdp !== 'string' && type !== 'rollback')) return undefined;
  return { type, sdp: cut(typeof sdp === 'string' ? sdp : '', limits.textInEntry) };
}

export interface CandidateValue {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
}

/** A candidate; null is the end of them. */
export function candidateOf(value: unknown): CandidateValue | null | undefined {
  const given = unwrap(value);
  if (given === null || given === '') return null;
  const first: unknown = Array.isArray(given) ? given[0] : (member(given, '0') ?? given);
  if (first === null) return null;
  if (typeof first === 'string') {
    const [, mid, index, candidate] =
      /^sdpMid: (.*?), sdpMLineIndex: (\d+), candidate: ([^,]*)/.exec(first.slice(0, limits.wordInEntry)) ??
      [];
    if (candidate === undefined) return undefined;
    return { candidate, sdpMid: mid ?? null, sdpMLineIndex: Number(index), usernameFragment: null };
  }
  const candidate = member(first, 'candidate');
  if (typeof candidate !== 'string' || candidate.length > limits.wordInEntry) return undefined;
  const mid = member(first, 'sdpMid');
  const index = member(first, 'sdpMLineIndex');
  const fragment = stringOf(member(first, 'usernameFragment'));
  return {
    candidate,
    sdpMid: typeof mid === 'string' ? cut(mid, 100) : null,
    sdpMLineIndex: isCount(index) ? index : null,
    usernameFragment: fragment === undefined ? null : cut(fragment, 300),
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** One of the states of a machine. Chromium once wrote `ICEConnectionStateChecking`. */
export function stateOf<T extends string>(value: unknown, states: readonly T[]): T | undefined {
  const given = unwrap(value);
  if (typeof given !== 'string' || given.length > 60) return undefined;
  const plain = given
    .replace(/^(Signaling|IceConnection|ICEConnection|IceGathering|ICEGathering)State/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  return states.find((state) => state === plain);
}

/** What stands behind `name: ` in the old way of writing, or the member of that name. */
export function namedText(value: unknown, name: string): string | undefined {
  const given = unwrap(value);
  if (typeof given === 'string') {
    const found = new RegExp(`(?:^|[,\\n] ?)${name}: ([^,\\n]*)`).exec(
      given.slice(0, limits.wordInEntry),
    )?.[1];
    return stringOf(found?.trim());
  }
  const found = member(given, name);
  return typeof found === 'number' ? String(found) : stringOf(found);
}

/** Of a data channel: an object, the arguments of createDataChannel(), `[id, label]`, or `label: chat, …`. */
export function channelLabelOf(value: unknown): string {
  const given = unwrap(value);
  const label =
    namedText(given, 'label') ??
    stringOf(member(given, '0')) ??
    (Array.isArray(given) ? given.find((each) => typeof each === 'string') : undefined);
  return typeof label === 'string' ? cut(label, 300) : '';
}

export interface TrackValue {
  readonly kind: 'audio' | 'video';
  readonly id: string;
  readonly streams: readonly string[];
}

/** A track: `{ kind, id, streams }`, `[kind, id, …streams]`, or `audio:id stream:id`. */
export function trackOf(value: unknown): TrackValue | undefined {
  const given = unwrap(value);
  const parts = Array.isArray(given)
    ? given.map(stringOf)
    : typeof given === 'string'
      ? /^(audio|video):(\S+)/.exec(given)?.slice(1)
      : [namedText(given, 'kind'), namedText(given, 'id')];
  const kind = (['audio', 'video'] as const).find((each) => each === parts?.[0]);
  if (!kind) return undefined;
  const listed = member(given, 'streams');
  const streams =
    typeof given === 'string'
      ? [...given.slice(0, limits.wordInEntry).matchAll(/stream:([^\s,;]+)/g)].map((match) => match[1])
      : Array.isArray(given)
        ? parts?.slice(-1)
        : Array.isArray(listed)
          ? listed
          : [];
  return {
    kind,
    id: cut(parts?.[1] ?? '', 200),
    streams: (streams ?? []).flatMap((stream: unknown) => stringOf(stream) ?? []).slice(0, 20),
  };
}

/** A configuration less what is secret and what is of no known form. */
export function configurationOf(value: unknown): RTCConfiguration {
  const given = unwrap(value);
  if (!isObject(given)) return {};
  const servers = member(given, 'iceServers');
  const iceServers = Array.isArray(servers)
    ? servers.slice(0, 50).flatMap((server: unknown): RTCIceServer[] => {
        const urls = member(server, 'urls') ?? member(server, 'url');
        const texts = (Array.isArray(urls) ? urls : [urls])
          .slice(0, 50)
          .flatMap((url: unknown) => stringOf(url) ?? [])
          .map((url) => cut(url));
        const username = stringOf(member(server, 'username'));
        return texts.length > 0
          ? [{ urls: texts, ...(username !== undefined && { username: cut(username) }) }]
          : [];
      })
    : undefined;
  const policy = <T extends string>(name: string, known: readonly T[]) =>
    known.find((each) => each === member(given, name));
  const iceTransportPolicy = policy('iceTransportPolicy', ['all', 'relay'] as const);
  const bundlePolicy = policy('bundlePolicy', ['balanced', 'max-bundle', 'max-compat'] as const);
  const pool = member(given, 'iceCandidatePoolSize');
  return {
    ...(iceServers && { iceServers }),
    ...(iceTransportPolicy && { iceTransportPolicy }),
    ...(bundlePolicy && { bundlePolicy }),
    ...(isCount(pool) && pool <= 255 && { iceCandidatePoolSize: pool }),
  };
}

/** The arguments of a call, as the timeline shows them. */
export function argumentsOf(value: unknown): readonly string[] {
  const given = unwrap(value);
  if (given === null || given === undefined || given === '') return [];
  const description = descriptionOf(given);
  if (description) return [words(description)];
  const track = trackOf(given);
  if (track) return [`${track.kind} track`];
  const listed = Array.isArray(given)
    ? given
    : member(given, '0') === undefined
      ? [given]
      : Object.values(given);
  return listed.slice(0, 5).map((each: unknown) => cut(words(each)));
}

/** Why a promise was rejected: browsers and rtcstats.js write `InvalidStateError: …` or the sentence alone. */
export function failureOf(value: unknown): { readonly name: string; readonly message: string } {
  const given = unwrap(value);
  const error = stringOf(member(given, 'error'));
  const text = error
    ? [error, stringOf(member(given, 'error_message'))].filter(Boolean).join(': ')
    : typeof given === 'string'
      ? given
      : given === undefined || given === null
        ? ''
        : words(given);
  const [, name, message] = /^([A-Za-z]+Error)(?:: ([^]*))?$/.exec(text) ?? [];
  return { name: name ? cut(name, 80) : 'Error', message: cut((name ? message : text) ?? '') };
}
