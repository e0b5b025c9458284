import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** Somebody in the room. `id` is the server's and survives a return; `page` is new each time that a page is loaded. */
export interface Member {
  readonly id: string;
  readonly page: string;
  readonly name: string;
}

/** The room as one page has it. */
export interface Meeting {
  readonly self: Member;
  /** Who was there before: the answer to the join. */
  readonly members: readonly Member[];
  /** `joined`: a newcomer. `left`: gone for good. `back`: the line to the server was lost and is there again, or the page was reloaded. */
  on(event: 'joined' | 'left' | 'back', handler: (member: Member) => void): void;
  /** Opens a connection to somebody and shows a tile. One of the two ends makes the offer. */
  call(id: string, offers: boolean): void;
  /** Closes the connection to somebody and takes the tile away. */
  hangUp(id: string): void;
}

type Stage = 'everyone' | 'left' | 'kept' | 'reload';
interface Facts {
  readonly came: Partial<Record<Stage, { readonly ok: boolean; readonly saw: string }>>;
  isOver: boolean;
}

interface Tile {
  readonly of: Member;
  readonly pc: RTCPeerConnection;
}

interface Page {
  readonly self: Member;
  readonly tiles: Tile[];
  readonly handlers: Map<string, ((member: Member) => void)[]>;
}

/** For a machine that is slow; a call of three is up in a fraction of it. */
const STAGE_MS = 7_000;
const LOOK_MS = 50;
/** So long it is watched that nothing is called anew. */
const CALM_MS = 600;

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const isUp = ({ pc }: Tile) =>
  Reflect.get<RTCPeerConnection, 'connectionState'>(RTCPeerConnection.prototype, 'connectionState', pc) ===
  'connected';

/** What is wrong with a page's tiles: it is to have one that is connected for each of the others. */
function missing({ self, tiles }: Page, others: readonly Page[]): string | undefined {
  for (const { self: other } of others) {
    const own = tiles.filter(({ of }) => of.id === other.id);
    if (own.length !== 1) return `${self.name} has ${own.length} tiles of ${other.name}.`;
    if (!isUp(own[0]!)) return `${self.name}’s tile of ${other.name} is dark: that connection is not up.`;
  }
  const ghost = tiles.find(({ of }) => others.every((other) => other.self.id !== of.id));
  return ghost && `${self.name} still has a tile of ${ghost.of.name}, who has left.`;
}

/** The room: who is in it, and the way of a signal from one page to another. */
class Room {
  readonly pages: Page[] = [];
  readonly #tools: Tools;
  readonly #enter: (meeting: Meeting) => Promise<unknown>;

  constructor(tools: Tools, enter: (meeting: Meeting) => Promise<unknown>) {
    this.#tools = tools;
    this.#enter = enter;
  }

  /** A page joins: those who are there hear `joined`, or `back` when they know its id. */
  async join(self: Member): Promise<Page> {
    const before = this.pages.findIndex((page) => page.self.id === self.id);
    const [gone] = before < 0 ? [] : this.pages.splice(before, 1);
    for (const { pc } of gone?.tiles ?? []) pc.close(); // as a page that is reloaded: without a word
    const page: Page = { self, tiles: [], handlers: new Map() };
    const others = [...this.pages];
    this.pages.push(page);
    for (const other of others) tell(other, gone ? 'back' : 'joined', self);
    await this.#enter({
      self,
      members: others.map((other) => other.self),
      on: (event, handler) => void page.handlers.set(event, [...(page.handlers.get(event) ?? []), handler]),
      call: (id, offers) => this.#call(page, id, offers),
      hangUp: (id) => hangUp(page, id),
    });
    return page;
  }

  leave(page: Page): void {
    this.pages.splice(this.pages.indexOf(page), 1);
    for (const { pc } of page.tiles.splice(0)) pc.close();
    for (const other of this.pages) tell(other, 'left', page.self);
  }

  #call(page: Page, id: string, offers: boolean): void {
    const of = this.pages.find(({ self }) => self.id === id)?.self;
    if (!of || id === page.self.id) throw new Error(`There is no other member “${id}” in the room.`);
    const pc = this.#tools.createPeer(`${page.self.name}-${of.name}`);
    const tile = { of, pc };
    page.tiles.push(tile);
    pc.addEventListener('icecandidate', ({ candidate }) => {
      void this.#at(page, tile)
        ?.pc.addIceCandidate(candidate ?? undefined)
        .catch(() => {}); // of an offer that nobody took
    });
    if (offers) void this.#offer(page, tile);
  }

  async #offer(page: Page, tile: Tile): Promise<void> {
    tile.pc.createDataChannel('tile');
    await tile.pc.setLocalDescription();
    // The other page may be about to open its end.
    for (let tries = 0; tries < 10 && !this.#at(page, tile); tries++) await after(LOOK_MS);
    const other = this.#at(page, tile);
    if (!other || other.pc.signalingState !== 'stable' || tile.pc.signalingState === 'closed') return; // it offers, too
    await other.pc.setRemoteDescription(tile.pc.localDescription!);
    await other.pc.setLocalDescription();
    await tile.pc.setRemoteDescription(other.pc.localDescription!);
  }

  /** The tile at the other end: that which a page has for this very load of ours. */
  #at({ self }: Page, { of }: Tile): Tile | undefined {
    const other = this.pages.find((page) => page.self.id === of.id && page.self.page === of.page);
    return other?.tiles.findLast((tile) => tile.of.id === self.id && tile.of.page === self.page);
  }
}

function tell(page: Page, event: 'joined' | 'left' | 'back', member: Member): void {
  for (const handler of page.handlers.get(event) ?? []) handler(member);
}

function hangUp({ tiles }: Page, id: string): void {
  for (const tile of tiles.filter(({ of }) => of.id === id)) {
    tile.pc.close();
    tiles.splice(tiles.indexOf(tile), 1);
  }
}

const check = (id: Stage, title: string, wanted: string, hint: string) => ({
  id,
  title,
  hint,
  pass: ({ facts }: { facts: Facts }) => {
    const came = facts.came[id];
    return {
      ok: came?.ok ?? false,
      final: came !== undefined || facts.isOver,
      saw: came?.saw ?? 'It did not come to that.',
      wanted,
    };
  },
});

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'The roster of a meeting',
  task: [
    'Write `meet()`, which runs once in each page that joins the room. ann, bob and cleo come one after the other. Then bob leaves, cleo’s line to the server is lost for a moment, and at last cleo reloads her page.',
    'At each time everybody shall have one tile with a live connection for each of the others, and none for who has gone. The negotiation of a call is ours; it works when one of the two ends offers. Who comes offers to those who are there.',
  ],
  hints: [
    'In `members` are those who came before you. Who hears `joined` was there before the newcomer. Which of you offers?',
    '`back` comes in two cases. In one of them the other page, and with it every connection, is a new one. What in a `Member` tells you?',
    'Keep a map from `id` to `page`. On `back` with the same page do nothing; with another one `hangUp(id)`, then `call(id, false)`: the new page offers.',
  ],
  peers: ['ann-bob', 'bob-ann', 'ann-cleo', 'cleo-ann', 'bob-cleo', 'cleo-bob'],
  limitMs: 20_000,
  facts: () => ({ came: {}, isOver: false }),
  async play({ tools, facts, call, signal }) {
    const room = new Room(tools, (meeting) => call('meet', meeting));
    const settle = async (stage: Stage): Promise<boolean> => {
      const endMs = performance.now() + STAGE_MS;
      const problem = () =>
        room.pages
          .map((page) =>
            missing(
              page,
              room.pages.filter((other) => other !== page),
            ),
          )
          .find((one) => one !== undefined);
      while (problem() !== undefined && performance.now() < endMs && !signal.aborted) await after(LOOK_MS);
      signal.throwIfAborted();
      const found = problem();
      const saw = found ?? `${room.pages.length} people, and a tile of each of the others.`;
      facts.came[stage] = { ok: found === undefined, saw };
      facts.isOver ||= found !== undefined;
      return found === undefined;
    };
    const load = Math.random().toString(36).slice(2, 7);
    const member = (name: string, page: string): Member => ({ id: `${name}-${load}`, page, name });
    try {
      const ann = await room.join(member('ann', 'p1'));
      const bob = await room.join(member('bob', 'p2'));
      const cleo = await room.join(member('cleo', 'p3'));
      if (!(await settle('everyone'))) return;
      room.leave(bob);
      if (!(await settle('left'))) return;
      const before = ann.tiles[0]?.pc;
      tell(ann, 'back', cleo.self);
      await after(CALM_MS);
      const isSame = ann.tiles.length === 1 && ann.tiles[0]?.pc === before && isUp(ann.tiles[0]!);
      const saw = isSame
        ? 'The call went on.'
        : 'ann has ended a call that was in order, or begun a second one.';
      facts.came.kept = { ok: isSame, saw };
      if (!isSame) return;
      await room.join(member('cleo', 'p4'));
      await settle('reload');
    } finally {
      facts.isOver = true;
    }
  },
  checks: [
    check(
      'everyone',
      'Everybody sees everybody',
      'A tile with a live connection for each of the others.',
      'If both ends offer, neither offer is taken; if neither does, there is none.',
    ),
    check(
      'left',
      'Who leaves is gone',
      'No tile of bob.',
      '`close()` at bob’s end tells you nothing. The event `left` does.',
    ),
    check(
      'kept',
      'A lost line to the server costs no call',
      'The same connection as before.',
      'The same page is back: its `RTCPeerConnection` has never been away.',
    ),
    check(
      'reload',
      'A reload leaves no ghost',
      'One tile of cleo, and it is live.',
      'The id is the same, the page is not. What you had a connection with does not exist any more.',
    ),
  ],
});
