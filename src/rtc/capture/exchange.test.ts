import { expect, test } from 'vitest';
import type { Signal } from '../timeline.ts';
import { Exchange, type Described } from './exchange.ts';

const sdpOf = (fragment: string) => `v=0\r\na=ice-ufrag:${fragment}\r\n`;
const describe = (type: RTCSdpType, fragment: string): Signal & { description: object } => ({
  description: { type, sdp: sdpOf(fragment) },
});
const candidate = (fragment: string, number: number): Signal => ({
  candidate: {
    candidate: `candidate:${number} 1 udp 1 192.0.2.1 5000 typ host ufrag ${fragment}`,
    sdpMid: '0',
  },
});

type Writable = { -readonly [K in keyof Described]: Described[K] };
const connection = (local?: string, remote?: string): Writable => ({
  signalingState: 'stable',
  localDescription:
    local === undefined ? null : (describe('offer', local).description as RTCSessionDescription),
  remoteDescription:
    remote === undefined ? null : (describe('offer', remote).description as RTCSessionDescription),
});

function exchangeOf(...names: string[]): Exchange {
  const exchange = new Exchange();
  for (const name of names) {
    exchange.join(name);
    exchange.know(`id-${name}`, name);
  }
  return exchange;
}

test('what leaves and what arrives is the same signal, though another one was lost between them', () => {
  const exchange = exchangeOf('alice', 'bob');
  const lost = exchange.post('alice', undefined, candidate('a', 1));
  const sent = exchange.post('alice', undefined, candidate('a', 2));
  const received = exchange.take('bob', undefined, candidate('a', 2));
  expect(received).toEqual(sent);
  expect(received?.id).not.toBe(lost?.id);
  expect(exchange.take('bob', undefined, candidate('a', 3))).toMatchObject({ from: 'alice', to: 'bob' });
});

test('a signal belongs to the connection whose fragment it has, at both ends', () => {
  const exchange = exchangeOf('alice', 'bob');
  exchange.add('alice', 'alice', connection('other'));
  exchange.add('alice', 'alice/2', connection('a2'));
  const offer = exchange.post('alice', 'id-bob', describe('offer', 'a2'));
  expect(offer).toMatchObject({ from: 'alice/2', to: 'bob' });
  expect(exchange.take('bob', 'id-alice', describe('offer', 'a2'))).toEqual(offer);

  exchange.add('bob', 'bob', connection());
  exchange.add('bob', 'bob/2', connection('b2', 'a2'));
  const answer = exchange.post('bob', 'id-alice', describe('answer', 'b2'));
  expect(answer).toMatchObject({ from: 'bob/2', to: 'alice/2' });
  expect(exchange.take('alice', 'id-bob', describe('answer', 'b2'))).toEqual(answer);
  expect(exchange.post('alice', 'id-bob', candidate('a2', 1))).toMatchObject({
    from: 'alice/2',
    to: 'bob/2',
  });
});

test('a closed connection is not asked: Firefox throws', () => {
  const exchange = exchangeOf('alice', 'bob');
  const closed: Described = {
    signalingState: 'closed',
    get localDescription(): never {
      throw new DOMException('Peer connection is closed', 'InvalidStateError');
    },
    get remoteDescription(): never {
      throw new DOMException('Peer connection is closed', 'InvalidStateError');
    },
  };
  exchange.add('alice', 'alice', closed);
  expect(exchange.post('alice', undefined, candidate('a', 1))).toMatchObject({ from: 'alice', to: 'bob' });
});

test('with three, an id says who is meant; without one nobody is guessed', () => {
  const exchange = exchangeOf('alice', 'bob', 'carol');
  expect(exchange.post('alice', 'id-carol', candidate('a', 1))).toMatchObject({ to: 'carol' });
  expect(exchange.post('alice', 'id-nobody', candidate('a', 2))).toBeUndefined();
  expect(exchange.take('bob', undefined, candidate('a', 1))).toBeUndefined();
});
