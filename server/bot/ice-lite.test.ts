import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { decodeMessage, fingerprintFits, readXorAddress, valueOf } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import { integrityFits } from '../stun-turn/integrity.ts';
import { IceLite } from './ice-lite.ts';
import { readBindingRequest } from './stun.ts';

/** RFC 5769 §2.1: the sample request, its user name and password. */
const sample = Buffer.from(
  '000100582112a442b7e7a701bc34d686fa87dfae' +
    '802200105354554e207465737420636c69656e74' +
    '002400046e0001ff80290008932ff9b151263b36' +
    '000600096576746a3a68367659202020' +
    '000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2' +
    '80280004e57a3bcf',
  'hex',
);

const from = { socket: 0, address: '192.0.2.7', port: 40_000 };

/** A check as a browser sends it. */
function check(username: string, password: string, useCandidate = false): Buffer {
  const attribute = (type: number, value: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(type);
    head.writeUInt16BE(value.length, 2);
    return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  };
  const header = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
  const body = Buffer.concat([
    attribute(0x0006, Buffer.from(username)),
    ...(useCandidate ? [attribute(0x0025, Buffer.alloc(0))] : []),
  ]);
  header.writeUInt16BE(body.length + 24, 2);
  const before = Buffer.concat([header, body]);
  return Buffer.concat([before, attribute(0x0008, createHmac('sha1', password).update(before).digest())]);
}

test('reads the sample of RFC 5769 and proves its password', () => {
  const request = readBindingRequest(sample);
  expect(request?.username).toBe('evtj:h6vY');
  expect(request?.isFrom('VOkJxbRl1RmTxUk/WvJxBt')).toBe(true);
  expect(request?.isFrom('VOkJxbRl1RmTxUk/WvJxBu')).toBe(false);
});

test('cut or changed anywhere, the sample is no valid check and never an error', () => {
  for (let length = 0; length < sample.length; length++)
    expect(readBindingRequest(sample.subarray(0, length))).toBeUndefined();
  for (let at = 0; at < 72; at++) {
    const changed = Buffer.from(sample);
    changed[at]! ^= 0xff;
    expect(readBindingRequest(changed)?.isFrom('VOkJxbRl1RmTxUk/WvJxBt') ?? false, `byte ${at}`).toBe(false);
  }
});

test('answers a check that knows the password, and nothing else', () => {
  const ice = new IceLite();
  const { usernameFragment, password } = ice.begin('them');
  const strangers = [
    check(`${usernameFragment}:them`, 'guessed'),
    check(`${usernameFragment}:others`, password),
    check('other:them', password),
    Buffer.from([22, 254, 253, 0]), // DTLS
    Buffer.from([128, 96, 0, 0]), // RTP
    Buffer.alloc(0),
  ];
  for (const bytes of strangers) expect(ice.receive(bytes, from, 1)).toMatchObject({ do: 'drop' });
  expect(ice.path).toBeUndefined();

  const action = ice.receive(check(`${usernameFragment}:them`, password), from, 5);
  if (action.do !== 'answer') throw new Error('no answer');
  expect(action.to).toEqual(from);
  const answer = decodeMessage(action.bytes)!;
  expect(answer).toMatchObject({ class: 'success', method: methods.Binding });
  expect(readXorAddress(valueOf(answer, attributes.XOR_MAPPED_ADDRESS)!, answer.transactionId)).toEqual({
    address: from.address,
    port: from.port,
  });
  expect(integrityFits(action.bytes, answer, password)).toBe(true);
  expect(fingerprintFits(action.bytes)).toBe(true);
  expect(ice.heardAtMs).toBe(5);
  // From here on that address is known, its neighbour is not.
  expect(ice.receive(Buffer.from([128, 96, 0, 0]), from, 6)).toMatchObject({ do: 'deliver' });
  expect(ice.receive(Buffer.from([128, 96, 0, 0]), { ...from, port: 40_001 }, 6)).toMatchObject({
    do: 'drop',
  });
});

test('sends where the other side nominates, and follows a restart with new credentials', () => {
  const ice = new IceLite();
  const first = ice.begin('them');
  const second = { ...from, port: 40_001 };
  ice.receive(check(`${first.usernameFragment}:them`, first.password), from, 1);
  expect(ice.path).toEqual(from);
  ice.receive(check(`${first.usernameFragment}:them`, first.password, true), second, 2);
  ice.receive(check(`${first.usernameFragment}:them`, first.password), from, 3);
  expect(ice.path).toEqual(second);

  const restarted = ice.begin('again');
  expect(restarted.usernameFragment).not.toBe(first.usernameFragment);
  const old = ice.receive(check(`${first.usernameFragment}:them`, first.password, true), second, 4);
  expect(old.do).toBe('answer'); // media goes on over the old path meanwhile
  ice.receive(check(`${restarted.usernameFragment}:again`, restarted.password, true), from, 5);
  expect(ice.path).toEqual(from);
});
