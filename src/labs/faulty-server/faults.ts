import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { Entry } from '../../rtc/timeline.ts';

/** What the record of a run tells about the server. */
export interface Seen {
  readonly ids: Map<string, string>;
  /** Under which names somebody heard of a candidate, and how many were sent. */
  sent: number;
  readonly candidates: Map<string, number>;
  readonly states: Map<string, RTCPeerConnectionState>;
  framesDecoded: number;
  heardSelf: string[];
  /** Who was named as the writer of the line that mallory wrote. */
  spoofedAs: string | undefined;
  timestamp: string | undefined;
  crossed: boolean;
  /** carol's connection was cut; then whether alice was told. */
  isCut: boolean;
  wasTold: boolean;
  isDone: boolean;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  /** Undefined until the run has come so far. */
  readonly ok: boolean | undefined;
  readonly saw: string;
}

/** What mallory writes, in the name of alice, and the offer that she sends into the other room. */
export const LIE = 'I owe mallory 100';
export const INTRUSION = 'an offer from another room';

export function seenFold(): Fold<Seen> {
  return fold<Seen>(
    () => ({
      ids: new Map(),
      sent: 0,
      candidates: new Map(),
      states: new Map(),
      framesDecoded: 0,
      heardSelf: [],
      spoofedAs: undefined,
      timestamp: undefined,
      crossed: false,
      isCut: false,
      wasTold: false,
      isDone: false,
    }),
    note,
  );
}

function note(seen: Seen, entry: Entry): void {
  if (entry.kind === 'connection-state') seen.states.set(entry.peer, entry.state);
  if (entry.kind === 'stats' && entry.peer === 'bob')
    seen.framesDecoded = entry.sample.inbound.find(({ kind }) => kind === 'video')?.framesDecoded ?? 0;
  if (entry.kind === 'note' && entry.peer === 'lab' && entry.text === DONE) seen.isDone = true;
  if (entry.kind !== 'server-message') return;
  const { peer, way, name, text } = entry;
  if (name === 'connected') seen.ids.set(text, peer);
  if (name === 'disconnect' && peer === 'carol') seen.isCut = true;
  if (way === 'sent') {
    if (name === 'ice_candidate') seen.sent++;
    return;
  }
  if (/candidate/.test(name)) seen.candidates.set(name, (seen.candidates.get(name) ?? 0) + 1);
  if (text.includes(INTRUSION) && peer !== 'mallory') seen.crossed = true;
  const payload = payloadOf(text);
  const about = seen.ids.get(String(payload['socketId']));
  if (name === 'user_joined' && about === peer && !seen.heardSelf.includes(peer)) seen.heardSelf.push(peer);
  if (name === 'user_left' && about === 'carol' && peer === 'alice') seen.wasTold = true;
  if (name !== 'message' || peer !== 'alice') return;
  if (payload['content'] === LIE) seen.spoofedAs = String(payload['personName']);
  seen.timestamp = String(payload['timestamp']);
}

/** What the run writes when its script is over. */
export const DONE = 'the script is over';

function payloadOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A row for each thing that is to hold. */
export function rowsOf(seen: Seen): readonly Row[] {
  const { isDone, framesDecoded, states, candidates, sent, heardSelf, spoofedAs, timestamp } = seen;
  const when = (ok: boolean) => (isDone ? ok : undefined);
  const bob = states.get('bob') ?? 'new';
  const right = candidates.get('ice_candidate') ?? 0;
  const others = [...candidates].filter(([name]) => name !== 'ice_candidate');
  const elsewhere = others.map(([name, count]) => `${count} under ${name}`).join(', ');
  return [
    {
      id: 'picture',
      title: 'bob sees alice',
      ok: framesDecoded > 0 ? true : when(false),
      saw: `bob’s connectionState is ${bob}; ${framesDecoded} frames decoded.`,
    },
    {
      id: 'names',
      title: 'Candidates arrive under their name',
      ok: when(right > 0 && others.length === 0),
      saw: `${sent} sent; ${right} heard under ice_candidate${elsewhere && `, ${elsewhere}`}.`,
    },
    {
      id: 'self',
      title: 'Nobody is told of himself',
      ok: when(heardSelf.length === 0),
      saw: heardSelf.length > 0 ? `${heardSelf.join(', ')} heard of themselves.` : 'Nobody was.',
    },
    {
      id: 'spoof',
      title: 'Nobody writes for another, or from another room',
      ok: when(spoofedAs === undefined),
      saw: spoofedAs
        ? `mallory, in another room, wrote “${LIE}”, and alice read it as written by ${spoofedAs}.`
        : 'What mallory wrote did not reach alice.',
    },
    {
      id: 'cross',
      title: 'No offer crosses into another room',
      ok: when(!seen.crossed),
      saw: seen.crossed ? 'mallory’s offer reached alice.' : 'mallory’s offer reached nobody.',
    },
    {
      id: 'time',
      title: 'Times can be compared',
      ok: when(timestamp !== undefined && /^\d{4}-.*\.\d{3}Z$/.test(timestamp)),
      saw: timestamp ? `A message came with “${timestamp}”.` : 'No message has come.',
    },
    {
      id: 'ghost',
      title: 'Whoever is gone is no ghost',
      ok: when(seen.isCut && seen.wasTold),
      saw: seen.isCut
        ? `carol’s connection was cut; alice was ${seen.wasTold ? '' : 'not '}told.`
        : 'carol is still there.',
    },
  ];
}
