import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { Entry, EntryOf } from '../../rtc/timeline.ts';

/** One person, as the messages between their page and the server tell. */
export interface Person {
  readonly name: string;
  /** Of the present connection; undefined without one. */
  id: string | undefined;
  isIn: boolean;
  /** Whom this page believes to be in the room: id → name. */
  readonly knows: Map<string, string>;
  /** It was told of itself. */
  heardSelf: boolean;
}

export interface Room {
  readonly people: Map<string, Person>;
  /** Every id that a connection has had, and whose it was. */
  readonly ids: Map<string, string>;
  /** What was said, as the first to hear it read it. */
  readonly chat: { readonly by: string; readonly content: string; readonly timestamp: string }[];
  readonly heardBy: Map<string, number>;
}

type Message = EntryOf<'server-message'>;

/** Who is in the room, and who believes so, from the record of a run. */
export function presenceFold(): Fold<Room> {
  return fold<Room>(
    () => ({ people: new Map(), ids: new Map(), chat: [], heardBy: new Map() }),
    (room, entry: Entry) => {
      if (entry.kind === 'server-message') note(room, entry);
    },
  );
}

function note(room: Room, { peer, way, name, text }: Message): void {
  const person = room.people.get(peer) ?? {
    name: peer,
    id: undefined,
    isIn: false,
    knows: new Map<string, string>(),
    heardSelf: false,
  };
  room.people.set(peer, person);
  if (name === 'connected') {
    person.id = text;
    room.ids.set(text, peer);
  } else if (name === 'disconnect') Object.assign(person, { id: undefined, isIn: false, knows: new Map() });
  else if (way === 'sent' && name === 'join_room') person.isIn = true;
  else if (way === 'sent' && name === 'leave_room') Object.assign(person, { isIn: false, knows: new Map() });
  else if (way === 'received') hear(room, person, name, payloadOf(text));
}

function hear(room: Room, person: Person, name: string, payload: Readonly<Record<string, unknown>>): void {
  const socketId = typeof payload['socketId'] === 'string' ? payload['socketId'] : '';
  if (name === 'acknowledgement' && Array.isArray(payload['members']))
    for (const member of payload['members'] as { socketId: string; personName: string }[])
      person.knows.set(member.socketId, member.personName);
  else if (name === 'user_joined') {
    if (socketId === person.id) person.heardSelf = true;
    else person.knows.set(socketId, String(payload['personName']));
  } else if (name === 'user_left') person.knows.delete(socketId);
  else if (name === 'message') {
    const heard = room.heardBy.get(person.name) ?? 0;
    room.heardBy.set(person.name, heard + 1);
    const by = String(payload['personName']);
    const said = { by, content: String(payload['content']), timestamp: String(payload['timestamp']) };
    if (heard === room.chat.length) room.chat.push(said);
  }
}

function payloadOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What does not fit together, a sentence each; empty when everybody knows what is. */
export function mismatches({ people, ids }: Room): readonly string[] {
  const all = [...people.values()];
  return all
    .filter(({ isIn }) => isIn)
    .flatMap((person) => {
      const missing = all.filter(
        ({ isIn, id, name }) => isIn && name !== person.name && id !== undefined && !person.knows.has(id),
      );
      const ghosts = [...person.knows].filter(([id]) => all.every((other) => other.id !== id || !other.isIn));
      return [
        ...missing.map(({ name }) => `${person.name} does not know that ${name} is there.`),
        ...ghosts.map(([id, name]) => `${person.name} still sees ${ids.get(id) ?? name}, who has gone.`),
        ...(person.heardSelf ? [`${person.name} was told of ${person.name}.`] : []),
      ];
    });
}
