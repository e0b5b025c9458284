import { expect, test, vi } from 'vitest';
import { MessageId, PeerId, type ChatMessage, type Member } from '../../protocol/signaling.ts';
import { RoomError } from '../signaling/room-client.ts';
import { Chat } from './chat.ts';
import { Emitter } from './emitter.ts';
import type { DirectLine, EngineEvents } from './engine.ts';
import { FakeLine } from './files/line.fixture.ts';

const id = (name: string) => PeerId.parse(name.padEnd(22, '-'));
const member = (name: string) => ({ peer: id(name), name, bot: false }) as Member;
const fromServer = (from: string, text: string, message = `m-${text}`): ChatMessage => ({
  id: MessageId.parse(message),
  from: id(from),
  name: from,
  text,
  atMs: 1,
});

/** Alice's chat, with a line to Bob that is open and none to Carol. */
function setup(history: ChatMessage[] = []) {
  const room = {
    self: member('alice'),
    members: new Map([member('bob'), member('carol')].map((one) => [one.peer, one])),
    chat: history,
    events: new Emitter<Record<string, unknown>>(),
    on: (event: string, handler: (payload: never) => void) => room.events.on(event, handler as never),
    say: vi.fn((_text: string, sent: MessageId) => Promise.resolve({ id: sent, atMs: 5 })),
  };
  const line = new FakeLine();
  line.open();
  const events = new Emitter<EngineEvents>();
  const lines = new Map([[id('bob'), line as unknown as DirectLine]]);
  const chat = new Chat({
    room: room as never,
    engine: { lines, on: events.on },
    signal: new AbortController().signal,
  });
  const heard: string[] = [];
  chat.on('heard', ({ text }) => heard.push(text));
  return { room, line, chat, heard };
}

test('a message goes to those with a line and to the server, under one id', async () => {
  const { room, line, chat } = setup();
  chat.say('  hello ');
  const [said] = chat.messages;
  expect(line.words).toEqual([{ kind: 'chat:say', id: said?.id, text: 'hello' }]);
  expect(room.say).toHaveBeenCalledWith('hello', said?.id);
  await vi.waitFor(() =>
    expect(chat.messages[0]?.sending).toEqual({ is: 'sent', direct: 1, others: 2, server: true }),
  );
});

test('what comes both ways is shown once, by the way that was first', () => {
  const { room, line, chat, heard } = setup();
  line.events.emit('message', { kind: 'chat:say', id: 'm-1', text: 'hi' });
  room.events.emit('chat', fromServer('bob', 'hi', 'm-1'));
  room.events.emit('chat', fromServer('carol', 'ho'));
  line.events.emit('message', { kind: 'chat:say', id: 'm-1', text: 'hi again' });
  expect(chat.messages.map(({ text, path, name }) => [name, text, path])).toEqual([
    ['bob', 'hi', 'direct'],
    ['carol', 'ho', 'server'],
  ]);
  expect(heard).toEqual(['hi', 'ho']);
  expect(chat.messages[0]?.otherAfterMs).toBeGreaterThanOrEqual(0);
  expect(chat.messages[1]?.otherAfterMs).toBeUndefined();
});

test('the id of another one’s message hides nothing, and who tells us something else is shown as the server has it', () => {
  const { room, line, chat } = setup();
  line.events.emit('message', { kind: 'chat:say', id: 'm-1', text: 'to you alone' });
  room.events.emit('chat', fromServer('carol', 'mine', 'm-1'));
  room.events.emit('chat', fromServer('bob', 'to all', 'm-1'));
  expect(chat.messages.map(({ text, path }) => [text, path])).toEqual([
    ['to all', 'server'],
    ['mine', 'server'],
  ]);
});

test('who comes late reads what was said before, and is not told of it', () => {
  const { room, chat, heard } = setup([fromServer('bob', 'early')]);
  room.events.emit('state', { state: 'joined' });
  expect(chat.messages).toMatchObject([{ text: 'early', path: 'history', atMs: 1 }]);
  expect(heard).toEqual([]);
});

test('what neither the server nor anybody took is kept and can be sent again', async () => {
  const { room, line, chat } = setup();
  line.cut();
  room.say.mockRejectedValueOnce(new RoomError('rate-limited', 'too many'));
  chat.say('hello');
  await vi.waitFor(() => expect(chat.messages[0]?.sending).toMatchObject({ is: 'failed' }));
  expect(chat.messages[0]?.sending?.error?.code).toBe('rate-limited');
  chat.again(chat.messages[0]!.key);
  await vi.waitFor(() => expect(chat.messages[0]?.sending).toMatchObject({ is: 'sent', server: true }));
  expect(chat.messages).toHaveLength(1);
});

test('without the server it still reaches those to whom there is a line', async () => {
  const { room, chat } = setup();
  room.say.mockRejectedValueOnce(new RoomError('closed', 'gone'));
  chat.say('hello');
  await vi.waitFor(() => expect(chat.messages[0]?.sending).toMatchObject({ is: 'sent', server: false }));
});

test.each<[string, unknown]>([
  ['nothing', null],
  ['no id', { kind: 'chat:say', text: 'x' }],
  ['an empty text', { kind: 'chat:say', id: 'm', text: '' }],
  ['2 001 characters', { kind: 'chat:say', id: 'm', text: 'x'.repeat(2_001) }],
  ['a name of its own', { kind: 'chat:say', id: 'm', text: 'x', name: 'carol' }],
  ['markup for an id', { kind: 'chat:say', id: '<b>', text: 'x' }],
])('a word with %s is not shown', (_, word) => {
  const { line, chat } = setup();
  line.events.emit('message', word);
  expect(chat.messages).toEqual([]);
});

test('who talks without end is cut short, and what is said is bounded', () => {
  const { line, chat } = setup();
  for (let n = 0; n < 100; n++) line.events.emit('message', { kind: 'chat:say', id: `m-${n}`, text: 'x' });
  expect(chat.messages.length).toBeLessThan(15);
  expect(() => chat.say('x'.repeat(2_001))).toThrow(RoomError);
  expect(() => chat.say(' \n ')).toThrow(RoomError);
});
