import type { Libraries } from '../../lab-kit/compare/realm.ts';
import { deskOf } from '../../lab-kit/desk.ts';
import type { Bench } from '../../rtc/index.ts';

export const libraries = ['simple-peer', 'peerjs'] as const satisfies readonly (keyof Libraries)[];
type Library = (typeof libraries)[number];

/** What was found out about a library. */
export interface Brought {
  readonly library: Library;
  /** Script that came for it, unpacked. */
  readonly sizeBytes: number;
  readonly loadedMs: number;
  /** As `RTCPeerConnection.prototype.addTrack`, and `+ name` for what is new on `window`. */
  readonly changed: readonly string[];
  /** STUN, TURN and signaling servers that stand in its defaults. */
  readonly servers: readonly string[];
}

/** What a page is at one moment, as far as a library could change it. */
export interface Look {
  readonly sizeBytes: number;
  readonly globals: ReadonlySet<string>;
  /** Each member of the classes that libraries like to change, by its name. */
  readonly members: ReadonlyMap<string, unknown>;
}

/** Classes of the browser whose members `webrtc-adapter` and its like have changed at some time. */
const classes = [
  'RTCPeerConnection',
  'RTCRtpSender',
  'RTCRtpReceiver',
  'RTCRtpTransceiver',
  'RTCDataChannel',
  'RTCIceCandidate',
  'RTCSessionDescription',
  'RTCTrackEvent',
  'MediaDevices',
  'MediaStream',
  'MediaStreamTrack',
  'HTMLMediaElement',
  'Navigator',
];

/** A descriptor whose functions are compared and never called. */
type Found = Readonly<Partial<Record<'value' | 'get' | 'set', unknown>>>;

/** Looks at a page. @param global its own `window` */
export function look(global: Window & typeof globalThis): Look {
  const scripts = new Map(
    global.performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map((entry) => [entry.name, (entry as PerformanceResourceTiming).decodedBodySize]),
  );
  const members = new Map<string, unknown>();
  for (const name of classes) {
    const known = Reflect.get(global, name) as { readonly prototype: object } | undefined;
    members.set(name, known);
    if (!known) continue;
    for (const key of Object.getOwnPropertyNames(known.prototype)) {
      const found: Found = Object.getOwnPropertyDescriptor(known.prototype, key) ?? {};
      members.set(`${name}.prototype.${key}`, found.value ?? found.get ?? found.set);
    }
  }
  return {
    sizeBytes: [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0),
    globals: new Set(Object.getOwnPropertyNames(global)),
    members,
  };
}

/** Names of what is other than before, in the order of their classes. */
export function whatChanged(before: Look, after: Look): readonly string[] {
  const fresh = [...after.globals].filter((name) => !before.globals.has(name)).map((name) => `+ ${name}`);
  const other = [...after.members].filter(
    ([name, value]) => !before.members.has(name) || before.members.get(name) !== value,
  );
  return [...fresh, ...other.map(([name]) => name)];
}

/** The servers that stand in the library's own defaults, as it writes them. */
export function defaultServers(loaded: Libraries[Library]): readonly string[] {
  if (!('util' in loaded)) return urlsOf(loaded.default.config);
  const { defaultConfig, CLOUD_HOST, CLOUD_PORT } = loaded.util;
  return [...urlsOf(defaultConfig), `wss://${CLOUD_HOST}:${CLOUD_PORT}`];
}

const urlsOf = ({ iceServers = [] }: { readonly iceServers?: readonly { urls: string | string[] }[] }) =>
  iceServers.flatMap(({ urls }) => urls);

/** Nobody asks anything here; what was found is told. */
export const shelf = deskOf<never, readonly Brought[]>();

/** Puts it into the panel and into the record. */
export function report(bench: Bench, brought: Brought): void {
  const { told } = shelf(bench);
  told.value = [...(told.value ?? []), brought];
  const { library, sizeBytes, loadedMs, changed, servers } = brought;
  bench.timeline.append(library, {
    kind: 'note',
    text: `${library}: ${sizeBytes} bytes, ${changed.length} things changed, servers by default: ${servers.join(', ')}`,
  });
  bench.measure(library, 'loaded', loadedMs);
}
