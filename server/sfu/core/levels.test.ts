import { expect, test } from 'vitest';
import { peer, TestRoom, Writer } from './test-room.ts';

/** Five with microphones; `speak` says for how long each is how loud, in dBov. */
function meeting() {
  const room = new TestRoom();
  const names = ['alice', 'bob', 'carol', 'dave', 'erin'];
  const members = names.map((name, index) => {
    const up = room.line(name, 'up');
    const microphone = room.microphone(name, up);
    return { name, up, down: room.line(name, 'down'), microphone, writer: new Writer(index + 1, '0') };
  });
  for (const { down } of members) for (const { microphone } of members) room.watch(down, microphone);
  const speak = (levels: Record<string, number>, ms: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += 20) {
      for (const { name, up, writer } of members)
        up.transport.receiveRtp(writer.sound(levels[name] ?? -127), room.nowMs);
      room.tick(20);
    }
  };
  const heardBy = (name: string) =>
    room.router
      .table(room.nowMs)
      .outputs.filter(({ to, forwarding }) => to === peer(name) && forwarding)
      .map(({ from }) => from);
  return { room, members, speak, heardBy, last: () => room.heard.at(-1) };
}

test('the three loudest are forwarded to the others, and to themselves the three loudest but them', () => {
  const { speak, heardBy, last } = meeting();
  speak({ carol: -20, dave: -25, erin: -30 }, 1_500);
  expect(last()).toEqual(['carol', 'dave', 'erin'].map(peer));
  expect(new Set(heardBy('alice'))).toEqual(new Set(['carol', 'dave', 'erin'].map(peer)));
  expect(heardBy('carol')).not.toContain(peer('carol'));
  expect(heardBy('carol')).toHaveLength(3);
});

test('places change when somebody is clearly louder, not with each word', () => {
  const { room, speak, last } = meeting();
  speak({ alice: -30, bob: -32 }, 1_000);
  const told = room.heard.length;
  for (let words = 0; words < 5; words++) {
    speak({ alice: -31, bob: -30 }, 200);
    speak({ alice: -30, bob: -31 }, 200);
  }
  expect(room.heard).toHaveLength(told);
  speak({ bob: -15 }, 1_000);
  expect(last()?.[0]).toBe(peer('bob'));
  // Whoever spoke last keeps the place through silence.
  speak({}, 2_000);
  expect(last()?.[0]).toBe(peer('bob'));
});

test('who has turned the microphone off has no place', () => {
  const { room, members, speak, last } = meeting();
  speak({ erin: -20 }, 1_000);
  expect(last()?.[0]).toBe(peer('erin'));
  members[4]!.microphone.setActive(false);
  room.tick(200);
  expect(last()).not.toContain(peer('erin'));
  expect(
    room.router
      .table(room.nowMs)
      .outputs.filter(({ from, reason }) => from === peer('erin') && reason === 'off'),
  ).toHaveLength(4);
});
