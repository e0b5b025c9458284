import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bench, type Seat } from '../bench.ts';
import type { Carrier, Envelope, Parcel } from '../signaling/signaling.ts';
import type { EntryOf, Signal } from '../timeline.ts';
import { FaultBoard } from './board.ts';
import { SWAP_WAIT_MS, type Timers } from './lane.ts';
import type { Fault, FaultPlan, FaultRule } from './plan.ts';

/** Time that passes when the test says so. */
class Clock implements Timers {
  #nowMs = 0;
  #timers: { run: () => void; atMs: number }[] = [];

  set(run: () => void, delayMs: number) {
    const timer = { run, atMs: this.#nowMs + delayMs };
    this.#timers.push(timer);
    return timer;
  }

  clear(timer: unknown) {
    this.#timers = this.#timers.filter((one) => one !== timer);
  }

  pass(ms: number) {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > endMs) break;
      this.clear(next);
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = endMs;
  }

  get isIdle() {
    return this.#timers.length === 0;
  }
}

const alice: Seat = { self: 'alice', other: 'bob', offers: true };
const bob: Seat = { self: 'bob', other: 'alice', offers: false };

/** A board in front of a carrier that delivers in the same task, with time in our hands. */
function setUp(plan: FaultRule[] | FaultPlan, seats: readonly Seat[] = [alice, bob]) {
  const clock = new Clock();
  const board = new FaultBoard(Array.isArray(plan) ? { seed: 1, rules: plan } : plan, clock);
  const bench = new Bench({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: () => Promise.reject(new Error('no media here')),
    interference: board,
  });
  const posted: Parcel[] = [];
  const arrived: Envelope[] = [];
  let receive: (envelope: Envelope) => void = () => {};
  const carrier: Carrier = {
    post: (parcel) => {
      const id = `m${posted.push(parcel)}`;
      receive({ ...parcel, id });
      return { id, taken: Promise.resolve() };
    },
    deliver: (receiver) => void (receive = receiver),
  };
  const behind = board.carry(carrier, bench);
  behind.deliver((envelope) => arrived.push(envelope));
  const send = (from: string, ...signals: Signal[]) => {
    for (const signal of signals) behind.post({ from, to: from === 'alice' ? 'bob' : 'alice', signal });
  };
  return {
    board,
    bench,
    clock,
    posted,
    arrived,
    send,
    /** What has arrived, in a word each. */
    words: () => arrived.map(({ signal }) => word(signal)),
    faults: () => bench.timeline.entries.filter((entry): entry is EntryOf<'fault'> => entry.kind === 'fault'),
  };
}

const sdp = (lines: string) => `v=0\r\n${lines}\r\n`;
const offer: Signal = {
  description: { type: 'offer', sdp: sdp('a=ice-pwd:abc\r\na=fingerprint:sha-256 AF:01') },
};
const answer: Signal = { description: { type: 'answer', sdp: sdp('a=ice-pwd:def') } };
const candidate = (type: string, foundation = 1): Signal => ({
  candidate: {
    candidate: `candidate:${foundation} 1 udp 2122260223 192.0.2.1 4444 typ ${type}${type === 'host' ? '' : ' raddr 0.0.0.0 rport 0'}`,
    sdpMid: '0',
    sdpMLineIndex: 0,
  },
});
const end: Signal = { candidate: null };
const word = (signal: Signal) =>
  'description' in signal
    ? signal.description.type
    : (/typ (\w+)/.exec(signal.candidate?.candidate ?? '')?.[1] ?? 'end');
const rule = (message: FaultRule['message'], fault: Fault, more: Partial<FaultRule> = {}): FaultRule => ({
  message,
  fault,
  ...more,
});

test('without rules every message arrives in the same task as it is', () => {
  const { send, arrived, faults } = setUp([]);
  send('alice', offer, candidate('host'), end);
  expect(arrived.map(({ id, signal }) => [id, signal])).toEqual([
    ['m1', offer],
    ['m2', candidate('host')],
    ['m3', end],
  ]);
  expect(faults()).toEqual([]);
});

test('a dropped answer never arrives, and the record says which message it was', () => {
  const { send, words, faults } = setUp([rule('answer', { do: 'drop' }, { from: 'bob' })]);
  send('alice', offer, answer);
  send('bob', answer, end);
  expect(words()).toEqual(['offer', 'answer', 'end']);
  expect(faults()).toMatchObject([
    { peer: 'lab', fault: 'dropped', text: 'bob’s answer to alice is dropped', id: 'm3', rule: 0 },
  ]);
});

test('a delayed message delays what comes behind it, but not the other direction', () => {
  const { send, words, clock } = setUp([rule('offer', { do: 'delay', delayMs: 200 })]);
  send('alice', offer, end);
  send('bob', answer);
  expect(words()).toEqual(['answer']);
  clock.pass(199);
  expect(words()).toEqual(['answer']);
  clock.pass(1);
  expect(words()).toEqual(['answer', 'offer', 'end']);
});

test('a delayed message that may be overtaken is', () => {
  const { send, words, clock } = setUp([rule('offer', { do: 'delay', delayMs: 200, overtaken: true })]);
  send('alice', offer, candidate('host'), end);
  expect(words()).toEqual(['host', 'end']);
  clock.pass(200);
  expect(words()).toEqual(['host', 'end', 'offer']);
});

test('held messages wait for a hand, and go in any order', () => {
  const { send, words, board, clock } = setUp([rule('any', { do: 'hold' })]);
  send('alice', offer, candidate('host'), end);
  clock.pass(60_000);
  expect(words()).toEqual([]);
  expect(board.held.map(({ parcel }) => word(parcel.signal))).toEqual(['offer', 'host', 'end']);
  board.release(board.held[1]!);
  expect(words()).toEqual(['host']);
  board.releaseAll();
  expect(words()).toEqual(['host', 'offer', 'end']);
  expect(board.held).toEqual([]);
});

test('what comes behind a held message waits for it and follows it', () => {
  const { send, words, board, faults } = setUp([rule('answer', { do: 'hold' })]);
  send('bob', answer, candidate('host'));
  expect(words()).toEqual([]);
  expect(board.delayed).toBe(1);
  board.release(board.held[0]!);
  expect(words()).toEqual(['answer', 'host']);
  expect(faults().map(({ fault, id }) => [fault, id])).toEqual([
    ['held', 'm1'],
    ['released', 'm1'],
  ]);
});

test('twice means twice, with one id', () => {
  const { send, arrived } = setUp([rule('offer', { do: 'duplicate' })]);
  send('alice', offer, end);
  expect(arrived.map(({ id }) => id)).toEqual(['m1', 'm1', 'm2']);
});

test('neighbours change places, two by two', () => {
  const { send, arrived } = setUp([rule('any', { do: 'reorder' })]);
  send('alice', offer, candidate('host'), candidate('srflx'), end);
  expect(arrived.map(({ id }) => id)).toEqual(['m2', 'm1', 'm4', 'm3']);
});

test('a message that nothing follows goes on alone after a while', () => {
  const { send, words, clock, bench } = setUp([rule('any', { do: 'reorder' })]);
  send('alice', offer);
  clock.pass(SWAP_WAIT_MS - 1);
  expect(words()).toEqual([]);
  clock.pass(1);
  expect(words()).toEqual(['offer']);
  expect(bench.timeline.entries.at(-1)).toMatchObject({ kind: 'note' });
});

test('a renamed message arrives nowhere', () => {
  const { send, words, faults } = setUp([rule('candidate', { do: 'rename' })]);
  send('alice', offer, candidate('host'), end);
  expect(words()).toEqual(['offer', 'end']);
  expect(faults()[0]?.text).toContain('new-candidate');
});

test('one digit, one letter, one name: what is altered is altered in that and nothing else', () => {
  const { send, arrived } = setUp([
    rule('offer', { do: 'alter', what: 'fingerprint' }),
    rule('any', { do: 'alter', what: 'ice-password' }),
    rule('candidate', { do: 'alter', what: 'mid' }),
  ]);
  send('alice', offer, answer, candidate('host'), end);
  expect(arrived.map(({ signal }) => signal)).toEqual([
    { description: { type: 'offer', sdp: sdp('a=ice-pwd:Abc\r\na=fingerprint:sha-256 BF:01') } },
    { description: { type: 'answer', sdp: sdp('a=ice-pwd:Aef') } },
    {
      candidate: {
        ...(candidate('host') as { candidate: object }).candidate,
        sdpMid: 'nowhere',
        sdpMLineIndex: 999,
      },
    },
    end,
  ]);
});

test('candidates are dropped by type, also those that stand in a description', () => {
  const { send, words, arrived } = setUp([
    rule('candidate', { do: 'drop' }, { candidateType: 'not-relay', from: 'alice' }),
  ]);
  const inside =
    'a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\na=candidate:2 1 udp 1 192.0.2.1 1 typ relay raddr 0.0.0.0 rport 0';
  send('alice', { description: { type: 'offer', sdp: sdp(inside) } });
  send('alice', candidate('host'), candidate('srflx'), candidate('relay'), end);
  send('bob', candidate('host'));
  expect(words()).toEqual(['offer', 'relay', 'end', 'host']);
  expect(JSON.stringify(arrived[0])).not.toContain('typ host');
  expect(JSON.stringify(arrived[0])).toContain('typ relay');
});

test('only the nth of each direction', () => {
  const { send, words } = setUp([rule('candidate', { do: 'drop' }, { often: { is: 'nth', nth: 2 } })]);
  send('alice', candidate('host'), candidate('srflx'), candidate('relay'));
  send('bob', candidate('host'), candidate('srflx'));
  expect(words()).toEqual(['host', 'relay', 'host']);
});

test('a rule that is off does nothing, and one that comes later holds from the next message on', () => {
  const drop = rule('any', { do: 'drop' });
  const { send, words, board, faults } = setUp([{ ...drop, off: true }]);
  send('alice', offer);
  board.plan = { seed: 1, rules: [drop] };
  send('alice', end);
  expect(words()).toEqual(['offer']);
  expect(faults()[0]).toMatchObject({ fault: 'changed', plan: { seed: 1, rules: [drop] } });
});

test('a message for another page is treated before it leaves', async () => {
  const { board, bench, clock, posted } = setUp(
    [rule('offer', { do: 'delay', delayMs: 100 }), rule('answer', { do: 'drop' })],
    [alice],
  );
  const carrier = board.carry(
    {
      post: (parcel) => ({ id: `wire-${posted.push(parcel)}`, taken: Promise.resolve() }),
      deliver: () => {},
    },
    bench,
  );
  const post = (signal: Signal) => carrier.post({ from: 'alice', to: 'bob', signal });
  expect(post(end).id).toBe('wire-1');
  await post(offer).taken;
  expect(post(answer).id).not.toContain('wire');
  expect(posted.map(({ signal }) => word(signal))).toEqual(['end']);
  clock.pass(100);
  expect(posted.map(({ signal }) => word(signal))).toEqual(['end', 'offer']);
});

test('nothing happens after the end of the run', () => {
  const { send, words, board, bench, clock } = setUp([
    rule('offer', { do: 'delay', delayMs: 100 }),
    rule('answer', { do: 'hold' }),
    rule('end-of-candidates', { do: 'reorder' }),
  ]);
  send('alice', offer);
  send('bob', answer, end);
  bench.close();
  expect(board.held).toEqual([]);
  expect(clock.isIdle).toBe(true);
  clock.pass(60_000);
  send('alice', end);
  expect(words()).toEqual([]);
});

test('the TURN credential is another one, and the user name is kept', () => {
  const { board, bench } = setUp([
    rule('configuration', { do: 'alter', what: 'turn-credential' }, { from: 'alice' }),
  ]);
  const turn = { urls: 'turn:192.0.2.1', username: 'u', credential: 'secret' };
  const given = { iceServers: [turn, { urls: 'stun:192.0.2.1' }] };
  const changed = board.configure('alice', given, bench);
  expect(changed.iceServers?.[0]).toMatchObject({ username: 'u', credential: 'secret-wrong' });
  expect(changed.iceServers?.[1]).toBe(given.iceServers[1]);
  expect(board.configure('bob', given, bench)).toBe(given);
  expect(JSON.stringify(bench.timeline.entries)).not.toContain('secret');
});

test('the run’s record begins with the faults that are in force', () => {
  const plan = { seed: 3, rules: [rule('any', { do: 'drop' })] };
  expect(setUp(plan).bench.timeline.entries[0]).toMatchObject({ kind: 'run-started', faults: plan });
  expect(setUp([]).bench.timeline.entries[0]).not.toHaveProperty('faults');
});

// Properties

const signals = fc.array(
  fc.record({
    from: fc.constantFrom('alice', 'bob'),
    signal: fc.constantFrom(offer, answer, candidate('host'), candidate('relay'), end),
    afterMs: fc.integer({ min: 0, max: 300 }),
  }),
  { maxLength: 30 },
);
const often = fc.option(
  fc.oneof(
    fc.record({ is: fc.constant('nth' as const), nth: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      is: fc.constant('sometimes' as const),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ),
);
const ruleOf = (fault: fc.Arbitrary<Fault>): fc.Arbitrary<FaultRule> =>
  fc
    .tuple(fc.constantFrom('any', 'offer', 'answer', 'candidate', 'end-of-candidates'), fault, often)
    .map(([message, done, how]) => rule(message as FaultRule['message'], done, how ? { often: how } : {}));
const delay = fc.record({
  do: fc.constant('delay' as const),
  delayMs: fc.integer({ min: 0, max: 500 }),
  jitterMs: fc.integer({ min: 0, max: 500 }),
});
const planOf = (...faults: fc.Arbitrary<Fault>[]) =>
  fc.record({ seed: fc.nat(), rules: fc.array(ruleOf(fc.oneof(...faults)), { maxLength: 4 }) });

function play(plan: FaultPlan, messages: { from: string; signal: Signal; afterMs: number }[]) {
  const it = setUp(plan);
  for (const { from, signal, afterMs } of messages) {
    it.clock.pass(afterMs);
    it.send(from, signal);
  }
  it.clock.pass(1_000_000);
  it.board.releaseAll();
  it.clock.pass(1_000_000);
  return it;
}

test('whatever is delayed, held, swapped and doubled: nothing is lost', () => {
  fc.assert(
    fc.property(
      planOf(
        delay,
        fc.constant<Fault>({ do: 'hold' }),
        fc.constant<Fault>({ do: 'hold', overtaken: true }),
        fc.constant<Fault>({ do: 'reorder' }),
        fc.constant<Fault>({ do: 'duplicate' }),
      ),
      signals,
      (plan, messages) => {
        const { arrived, faults, clock, board } = play(plan, messages);
        const doubled = new Set(faults().flatMap(({ fault, id }) => (fault === 'duplicated' ? [id] : [])))
          .size;
        expect(new Set(arrived.map(({ id }) => id)).size).toBe(messages.length);
        expect(arrived).toHaveLength(messages.length + doubled);
        expect(clock.isIdle).toBe(true);
        expect(board.held).toEqual([]);
      },
    ),
  );
});

test('whatever is delayed and dropped: the rest keeps its order in each direction', () => {
  fc.assert(
    fc.property(planOf(delay, fc.constant<Fault>({ do: 'drop' })), signals, (plan, messages) => {
      const { arrived, faults } = play(plan, messages);
      const dropped = new Set(faults().flatMap(({ fault, id }) => (fault === 'dropped' ? [id] : [])));
      expect(arrived).toHaveLength(messages.length - dropped.size);
      for (const from of ['alice', 'bob']) {
        const numbers = arrived.flatMap((one) => (one.from === from ? [Number(one.id.slice(1))] : []));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    }),
  );
});

test('the same plan does the same to the same messages, however the two directions interleave', () => {
  const anything = planOf(delay, fc.constant<Fault>({ do: 'drop' }), fc.constant<Fault>({ do: 'duplicate' }));
  fc.assert(
    fc.property(anything, signals, (plan, messages) => {
      const done = (order: typeof messages) => {
        const { posted, faults } = play(plan, order);
        const fromOf = (id = '') => posted[Number(id.slice(1)) - 1]?.from;
        return ['alice', 'bob'].map((from) =>
          faults().flatMap(({ id, fault, text, rule: by }) =>
            fromOf(id) === from ? [[fault, text, by]] : [],
          ),
        );
      };
      const inTurn = messages.toSorted((a, b) => a.from.localeCompare(b.from));
      expect(done(messages)).toEqual(done(inTurn));
    }),
  );
});
