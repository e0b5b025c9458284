import { candidatePairPriority, candidatePriority, type CandidateType } from '../ice/candidate.ts';
import { endpointText, isSame, type Check, type Endpoint, type Message } from './packet.ts';
import type { ServerChoice, Side } from './plan.ts';
import { serverPorts } from './server.ts';
import { addresses } from './network.ts';

/** A candidate of this simulation; component 1, IPv4, UDP towards the other peer. */
export interface SimCandidate extends Endpoint {
  readonly type: CandidateType;
  readonly priority: number;
  /** From where the agent sends for it: its host candidate, or the relayed address itself. RFC 8445 §4 */
  readonly base: Endpoint;
  readonly foundation: string;
  /** How the client talks to the TURN server. */
  readonly relayProtocol?: 'udp' | 'tcp';
}

export type PairState = 'frozen' | 'waiting' | 'in-progress' | 'succeeded' | 'failed';

/** A pair of the checklist as it is at one moment. */
export interface PairView {
  readonly local: SimCandidate;
  readonly remote: SimCandidate;
  readonly priority: bigint;
  readonly state: PairState;
  readonly nominated: boolean;
  /** The local candidate that the answer told of: the mapped address. Absent until the check succeeds. §7.2.5.3.2 */
  readonly validLocal?: SimCandidate;
}

interface Pair {
  local: SimCandidate;
  remote: SimCandidate;
  priority: bigint;
  state: PairState;
  nominated: boolean;
  validLocal?: SimCandidate;
  /** The other side has nominated it, before this side's own check succeeded. §7.3.1.5 */
  isWanted: boolean;
  firstSentMs?: number;
}

/** The pair that both ends use. */
export interface SelectedPair {
  readonly local: SimCandidate;
  readonly remote: SimCandidate;
}

export type AgentEvent =
  | { readonly is: 'candidate'; readonly candidate: SimCandidate }
  | { readonly is: 'redundant'; readonly candidate: SimCandidate }
  | { readonly is: 'learned'; readonly whose: 'local' | 'remote'; readonly candidate: SimCandidate }
  | { readonly is: 'gathered'; readonly candidates: readonly SimCandidate[] }
  | { readonly is: 'selected'; readonly pair: SelectedPair }
  | { readonly is: 'failed' };

/** What an agent needs of the world. */
export interface Surroundings {
  readonly nowMs: () => number;
  readonly after: (delayMs: number, act: () => void) => void;
  readonly send: (
    transport: 'udp' | 'tcp',
    source: Endpoint,
    destination: Endpoint,
    message: Message,
  ) => void;
  readonly tell: (event: AgentEvent) => void;
  readonly nextId: () => number;
}

/** Time between two checks (RFC 8445 §14.2). */
const PACE_MS = 50;
/** First retransmission timeout (RFC 8445 §14.3). A browser repeats for 15 to 40 seconds; here once must do. */
const RTO_MS = 500;
const GIVE_UP_MS = 3 * RTO_MS;
/** How long a better pair may take before a lower one is nominated: with a relay in it, the other side may have to repeat its check. */
const PATIENCE_MS = { direct: 100, relay: RTO_MS + 200 } as const;

/**
 * How many ports of one address an agent learns from checks. Two NATs that map by destination and filter nothing answer
 * each check from yet another port, without end; RFC 8445 §6.1.2.5 leaves it to an agent where to stop.
 */
const MAX_LEARNED = 8;

const preferences: Readonly<Record<CandidateType, number>> = { host: 126, prflx: 110, srflx: 100, relay: 0 };

interface Transaction {
  readonly pair: Pair;
  readonly useCandidate: boolean;
}

/**
 * An ICE agent with one component: gathers, pairs, checks, nominates (RFC 8445). It hears of packets that arrive
 * for its host and sends through {@link Surroundings}; it knows nothing of NATs.
 *
 * Left out: TCP candidates, IPv6, trickle, role conflicts, restarts, consent.
 */
export class IceAgent {
  readonly side: Side;
  readonly #controlling: boolean;
  readonly #world: Surroundings;
  readonly #servers: ServerChoice;
  readonly #udp: Endpoint;
  readonly #tcp: Endpoint;
  readonly #locals: SimCandidate[] = [];
  readonly #remotes: SimCandidate[] = [];
  #pairs: Pair[] = [];
  readonly #triggered: Pair[] = [];
  readonly #transactions = new Map<number, Transaction>();
  /** What waits for an answer of a server, by transaction: called with it, or with nothing when none came. */
  readonly #requests = new Map<number, (answer: Message | undefined) => void>();
  /** Checks that came before the other side's candidates did. */
  readonly #early: { local: SimCandidate; source: Endpoint; check: Check }[] = [];
  readonly #permissions = new Map<string, 'asked' | 'granted' | 'refused'>();
  readonly #held = new Map<string, (() => void)[]>();
  #isChecking = false;
  #isOver = false;
  #nominating: Pair | undefined;
  #hopelessSinceMs: number | undefined;
  selected: SelectedPair | undefined;
  hasFailed = false;

  constructor(side: Side, address: string, controlling: boolean, servers: ServerChoice, world: Surroundings) {
    this.side = side;
    this.#controlling = controlling;
    this.#servers = servers;
    this.#world = world;
    this.#udp = { address, port: side === 'a' ? 50_001 : 50_002 };
    this.#tcp = { address, port: side === 'a' ? 50_101 : 50_102 };
  }

  /** The checklist as it is now, highest priority first. */
  get checklist(): readonly PairView[] {
    return this.#pairs.map(({ local, remote, priority, state, nominated, validLocal }) => ({
      local,
      remote,
      priority,
      state,
      nominated,
      ...(validLocal && { validLocal }),
    }));
  }

  /** Finds the candidates (§5.1.1). `done` is called once, when every server has answered or was given up. */
  gather(done: (candidates: readonly SimCandidate[]) => void): void {
    this.#found('host', this.#udp, this.#udp);
    let open = 0;
    const finish = () => {
      if (--open > 0) return;
      this.#world.tell({ is: 'gathered', candidates: [...this.#locals] });
      done(this.#locals);
    };
    const start = (delayMs: number, act: () => void) => {
      open++;
      this.#world.after(delayMs, act);
    };
    if (this.#servers !== 'none')
      start(0, () =>
        this.#ask(
          'udp',
          (id) => ({ is: 'binding', id }),
          (answer) => {
            if (answer?.is === 'binding-success') this.#found('srflx', answer.mapped, this.#udp);
            finish();
          },
        ),
      );
    if (this.#servers === 'turn')
      for (const [index, transport] of (['udp', 'tcp'] as const).entries())
        start(PACE_MS * (index + 1), () => this.#allocate(transport, finish));
    start(0, finish);
  }

  /** The other side's candidates are here: pairs are formed and checks begin (§6.1.2). */
  begin(remotes: readonly SimCandidate[]): void {
    this.#remotes.push(...remotes);
    for (const local of this.#locals) for (const remote of remotes) this.#addPair(local, remote);
    // One pair of each foundation may go first (§6.1.2.6).
    const seen = new Set<string>();
    for (const pair of this.#pairs) {
      const foundation = foundationOf(pair);
      if (!seen.has(foundation)) pair.state = 'waiting';
      seen.add(foundation);
    }
    this.#isChecking = true;
    for (const { local, source, check } of this.#early.splice(0)) this.#checked(local, source, check);
    this.#tick();
  }

  /** A packet has arrived at this host. */
  receive(transport: 'udp' | 'tcp', destination: Endpoint, source: Endpoint, message: Message): void {
    if (message.is === 'data') {
      const relay = this.#locals.find(
        ({ type, relayProtocol }) => type === 'relay' && relayProtocol === transport,
      );
      if (relay) this.#heard(relay, message.from, message.data);
      return;
    }
    if ('id' in message) {
      const waiting = this.#requests.get(message.id);
      if (waiting) {
        this.#requests.delete(message.id);
        return waiting(message);
      }
    }
    const host = this.#locals.find(({ type }) => type === 'host');
    if (host && isSame(destination, this.#udp)) this.#heard(host, source, message);
  }

  #heard(local: SimCandidate, source: Endpoint, message: Message): void {
    if (message.is === 'binding' && message.check) {
      const answer: Message = { is: 'binding-success', id: message.id, mapped: source, isAnswerTo: 'check' };
      this.#transmit(local, source, answer);
      if (this.#isChecking) this.#checked(local, source, message.check);
      else this.#early.push({ local, source, check: message.check });
    } else if (message.is === 'binding-success') this.#answered(local, source, message);
  }

  #found(type: CandidateType, at: Endpoint, base: Endpoint, relayProtocol?: 'udp' | 'tcp'): void {
    const candidate: SimCandidate = {
      ...at,
      type,
      base: type === 'relay' ? at : base,
      priority: this.#priorityOf(type, relayProtocol),
      foundation: `${type}${relayProtocol ?? ''}`,
      ...(relayProtocol && { relayProtocol }),
    };
    // Same address and base as one that is there already: it would add nothing (§5.1.3).
    if (this.#locals.some((other) => isSame(other, at))) this.#world.tell({ is: 'redundant', candidate });
    else {
      this.#locals.push(candidate);
      this.#world.tell({ is: 'candidate', candidate });
    }
  }

  #priorityOf(type: CandidateType, relayProtocol?: 'udp' | 'tcp'): number {
    return candidatePriority({
      typePreference: preferences[type],
      localPreference: relayProtocol === 'tcp' ? 65_534 : 65_535,
      componentId: 1,
    });
  }

  /** Asks the server, once more after {@link RTO_MS}, and gives up in the end. TCP repeats by itself. */
  #ask(
    transport: 'udp' | 'tcp',
    request: (id: number) => Message,
    then: (answer: Message | undefined) => void,
  ): void {
    const id = this.#world.nextId();
    const source = transport === 'udp' ? this.#udp : this.#tcp;
    const destination = { address: addresses.server, port: serverPorts[transport] };
    const send = () => this.#world.send(transport, source, destination, request(id));
    this.#requests.set(id, then);
    send();
    this.#world.after(RTO_MS, () => this.#requests.has(id) && send());
    this.#world.after(GIVE_UP_MS, () => {
      if (this.#requests.delete(id)) then(undefined);
    });
  }

  #allocate(transport: 'udp' | 'tcp', finish: () => void): void {
    const allocate = (hasCredential: boolean) =>
      this.#ask(
        transport,
        (id) => ({ is: 'allocate', id, hasCredential }),
        (answer) => {
          if (answer?.is === 'allocate-error' && !hasCredential) return allocate(true);
          if (answer?.is === 'allocate-success')
            this.#found('relay', answer.relayed, answer.relayed, transport);
          finish();
        },
      );
    allocate(false);
  }

  /** Sends from a candidate's base: the host's own socket, or through the relay once it has a permission. */
  #transmit(local: SimCandidate, destination: Endpoint, message: Message, refused = () => {}): void {
    const { relayProtocol } = local;
    if (!relayProtocol) return this.#world.send('udp', this.#udp, destination, message);
    const source = relayProtocol === 'udp' ? this.#udp : this.#tcp;
    const server = { address: addresses.server, port: serverPorts[relayProtocol] };
    const key = `${endpointText(local)} ${destination.address}`;
    const send = () =>
      this.#permissions.get(key) === 'granted'
        ? this.#world.send(relayProtocol, source, server, { is: 'send', to: destination, data: message })
        : refused();
    const known = this.#permissions.get(key);
    if (known === 'granted' || known === 'refused') return send();
    this.#held.set(key, [...(this.#held.get(key) ?? []), send]);
    if (known === 'asked') return;
    this.#permissions.set(key, 'asked');
    this.#ask(
      relayProtocol,
      (id) => ({ is: 'create-permission', id, address: destination.address }),
      (answer) => {
        this.#permissions.set(key, answer?.is === 'create-permission-success' ? 'granted' : 'refused');
        const held = this.#held.get(key) ?? [];
        this.#held.delete(key);
        if (!this.#isOver) for (const act of held) act();
      },
    );
  }

  #addPair(local: SimCandidate, remote: SimCandidate): Pair | undefined {
    // A reflexive candidate is sent from its base, so the pair would be the base's own (§6.1.2.4).
    const sender = this.#locals.find((one) => isSame(one, local.base)) ?? local;
    const known = this.#pairs.find((pair) => isSame(pair.local, sender) && isSame(pair.remote, remote));
    const learned = this.#pairs.filter(
      (pair) =>
        pair.local === sender && pair.remote.type === 'prflx' && pair.remote.address === remote.address,
    );
    if (known || (remote.type === 'prflx' && learned.length >= MAX_LEARNED)) return known;
    const [controlling, controlled] = this.#controlling ? [sender, remote] : [remote, sender];
    const pair: Pair = {
      local: sender,
      remote,
      priority: candidatePairPriority(controlling.priority, controlled.priority),
      state: 'frozen',
      nominated: false,
      isWanted: false,
    };
    this.#pairs = [...this.#pairs, pair].toSorted((one, other) => (one.priority < other.priority ? 1 : -1));
    return pair;
  }

  /** Every {@link PACE_MS}: the next check (§6.1.4.2), or the end. */
  #tick(): void {
    if (this.#isOver) return;
    const next =
      this.#triggered.shift() ??
      this.#pairs.find(({ state }) => state === 'waiting') ??
      this.#pairs.find(
        (pair) =>
          pair.state === 'frozen' &&
          !this.#pairs.some(
            (other) => foundationOf(other) === foundationOf(pair) && other.state === 'in-progress',
          ),
      );
    if (next) this.#check(next, false);
    this.#nominate();
    const isWorking = this.#pairs.some(({ state }) => ['frozen', 'waiting', 'in-progress'].includes(state));
    const isHopeless = !isWorking && !this.#pairs.some(({ state }) => state === 'succeeded');
    const nowMs = this.#world.nowMs();
    this.#hopelessSinceMs = isHopeless ? (this.#hopelessSinceMs ?? nowMs) : undefined;
    // All pairs have failed: a check of the other side may still come, for as long as one of ours would have taken.
    if (this.#hopelessSinceMs !== undefined && nowMs - this.#hopelessSinceMs >= GIVE_UP_MS) {
      this.#isOver = true;
      this.hasFailed = true;
      this.#world.tell({ is: 'failed' });
    } else this.#world.after(PACE_MS, () => this.#tick());
  }

  #check(pair: Pair, useCandidate: boolean): void {
    const id = this.#world.nextId();
    const check: Check = {
      by: this.side,
      priority: this.#priorityOf('prflx', pair.local.relayProtocol),
      useCandidate,
    };
    const fail = () => {
      if (!this.#transactions.delete(id)) return;
      if (pair.state === 'in-progress') pair.state = 'failed';
      if (useCandidate) this.#nominating = undefined;
    };
    const send = () => {
      if (this.#transactions.has(id) && !this.#isOver)
        this.#transmit(pair.local, pair.remote, { is: 'binding', id, check }, fail);
    };
    // A newer check of the same pair takes the place of one that has not been answered (§7.3.1.4).
    for (const [old, transaction] of this.#transactions)
      if (transaction.pair === pair && !transaction.useCandidate) this.#transactions.delete(old);
    this.#transactions.set(id, { pair, useCandidate });
    if (pair.state !== 'succeeded') pair.state = 'in-progress';
    pair.firstSentMs ??= this.#world.nowMs();
    send();
    this.#world.after(RTO_MS, send);
    this.#world.after(GIVE_UP_MS, fail);
  }

  /** A check of the other side arrived: learn from it, and check back (§7.3.1.3, §7.3.1.4). */
  #checked(local: SimCandidate, source: Endpoint, { priority, useCandidate }: Check): void {
    if (this.#isOver) return;
    let remote = this.#remotes.find((one) => isSame(one, source));
    if (!remote) {
      remote = {
        ...source,
        type: 'prflx',
        priority,
        base: source,
        foundation: `prflx${endpointText(source)}`,
      };
      this.#remotes.push(remote);
      this.#world.tell({ is: 'learned', whose: 'remote', candidate: remote });
    }
    const pair = this.#addPair(local, remote);
    if (!pair) return;
    if (useCandidate && !this.#controlling) pair.isWanted = true;
    if (pair.state === 'succeeded') this.#select(pair);
    else if (!this.#triggered.includes(pair)) {
      pair.state = 'waiting';
      this.#triggered.push(pair);
    }
  }

  #answered(
    local: SimCandidate,
    source: Endpoint,
    { id, mapped }: Message & { is: 'binding-success' },
  ): void {
    const transaction = this.#transactions.get(id);
    if (!transaction || this.#isOver) return;
    const { pair, useCandidate } = transaction;
    this.#transactions.delete(id);
    // The answer has to come from where the check went (§7.2.5.2.1).
    if (!isSame(source, pair.remote) || !isSame(local, pair.local)) {
      pair.state = 'failed';
      return;
    }
    let validLocal = this.#locals.find((one) => isSame(one, mapped));
    if (!validLocal) {
      const { relayProtocol, base } = pair.local;
      validLocal = {
        ...mapped,
        type: 'prflx',
        base,
        priority: this.#priorityOf('prflx', relayProtocol),
        foundation: 'prflx',
        ...(relayProtocol && { relayProtocol }),
      };
      this.#locals.push(validLocal);
      this.#world.tell({ is: 'learned', whose: 'local', candidate: validLocal });
    }
    pair.state = 'succeeded';
    pair.validLocal = validLocal;
    for (const other of this.#pairs)
      if (other.state === 'frozen' && foundationOf(other) === foundationOf(pair)) other.state = 'waiting';
    if (useCandidate) pair.isWanted = true;
    this.#select(pair);
    this.#nominate();
  }

  /** The controlling side nominates the best pair that works, once each better one had its chance (§8.1.1). */
  #nominate(): void {
    if (!this.#controlling || this.#nominating || this.#isOver) return;
    const best = this.#pairs.findIndex(({ state }) => state === 'succeeded');
    const pair = this.#pairs[best];
    if (!pair) return;
    const nowMs = this.#world.nowMs();
    const patienceMs =
      PATIENCE_MS[[pair.local.type, pair.remote.type].includes('relay') ? 'relay' : 'direct'];
    const isDue = this.#pairs
      .slice(0, best)
      .every(
        ({ state, firstSentMs }) =>
          state === 'failed' ||
          (state === 'in-progress' && firstSentMs !== undefined && nowMs - firstSentMs >= patienceMs),
      );
    if (!isDue) return;
    this.#nominating = pair;
    this.#check(pair, true);
  }

  #select(pair: Pair): void {
    if (!pair.isWanted || !pair.validLocal || this.selected) return;
    pair.nominated = true;
    this.#isOver = true;
    this.selected = { local: pair.validLocal, remote: pair.remote };
    this.#world.tell({ is: 'selected', pair: this.selected });
  }
}

const foundationOf = ({ local, remote }: Pair): string => `${local.foundation} ${remote.foundation}`;
