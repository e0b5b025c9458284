import { expect, test } from 'vitest';
import { findSignal, frameReader } from './frames.ts';

const peerJs = () =>
  frameReader(new URL('ws://localhost:4300/peerjs/peerjs?key=peerjs&id=a&token=t&version=1.5.5'));
const socketIo = () => frameReader(new URL('ws://localhost:4300/socket.io/?EIO=4&transport=websocket'));

const sdp = 'v=0\r\na=ice-ufrag:abcd\r\n';
const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 5000 typ host', sdpMid: '0', sdpMLineIndex: 0 };

test.each([
  [{ type: 'OPEN' }, { name: 'OPEN' }],
  [{ type: 'HEARTBEAT' }, { name: 'HEARTBEAT' }],
  [{ type: 'ID-TAKEN', payload: { msg: 'ID is taken' } }, { name: 'ID-TAKEN' }],
  [
    { type: 'OFFER', src: 'a', dst: 'b', payload: { sdp: { type: 'offer', sdp }, connectionId: 'dc_1' } },
    { name: 'OFFER', from: 'a', to: 'b', signal: { description: { type: 'offer', sdp } } },
  ],
  [
    { type: 'CANDIDATE', dst: 'b', payload: { candidate, type: 'data', connectionId: 'dc_1' } },
    { name: 'CANDIDATE', to: 'b', signal: { candidate } },
  ],
])('a message of PeerJS: %j', (message, read) => {
  const text = JSON.stringify(message);
  expect(peerJs()('sent', text)).toEqual({ text, ...read });
});

test('an event of Socket.IO, and the answer that belongs to it', () => {
  const read = socketIo();
  const join = '420["room:join",{"room":"r","session":"secret"}]';
  expect(read('sent', join)).toEqual({
    name: 'room:join',
    text: '["room:join",{"room":"r","session":"…"}]',
  });
  expect(read('received', '430[{"ok":true,"value":{"self":{"peer":"p1","name":"alice"}}}]')).toMatchObject({
    name: 'answer to room:join',
    self: 'p1',
    names: [['p1', 'alice']],
  });
  const signal = { description: { type: 'offer', sdp } };
  expect(read('sent', `421${JSON.stringify(['signal:send', { to: 'p2', signal }])}`)).toMatchObject({
    name: 'signal:send',
    to: 'p2',
    signal,
  });
  const received = ['signal:received', { from: 'p1', sequence: 1, signal: { candidate: null } }];
  expect(read('received', `42/room,${JSON.stringify(received)}`)).toMatchObject({
    name: 'signal:received',
    from: 'p1',
    signal: { candidate: null },
  });
});

test.each([
  ['0{"sid":"x"}', 'engine.io open'],
  ['40{"sid":"x"}', 'connect'],
  ['2', 'ping'],
  ['451-["picture",{"_placeholder":true,"num":0}]', 'picture (binary)'],
  ['439[]', 'answer'],
  ['42{broken', 'event'],
  ['4', 'unknown packet'],
  ['', 'unknown packet'],
])('Socket.IO: %s is called “%s”', (data, name) => {
  expect(socketIo()('received', data).name).toBe(name);
});

test.each([
  ['not JSON', 'text'],
  ['{"type":"hello"}', 'hello'],
  ['[1]', 'text'],
  [new ArrayBuffer(4), 'binary'],
])('any other socket: %s is called “%s”', (data, name) => {
  expect(frameReader(new URL('ws://localhost/own'))('sent', data).name).toBe(name);
});

test('a message is looked through so deep and no deeper', () => {
  let deep: unknown = candidate;
  for (let depth = 0; depth < 40; depth++) deep = { deep };
  expect(findSignal(deep)).toBeUndefined();
  expect(findSignal({ a: [{ b: candidate }] })).toEqual({ candidate });
  expect(findSignal({ candidate: { candidate: 'x', sdpMLineIndex: -1 } })).toEqual({
    candidate: { candidate: 'x', sdpMLineIndex: 0 },
  });
});
