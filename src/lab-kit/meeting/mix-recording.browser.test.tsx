import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MixRecording, Topology } from '../../protocol/middlebox.ts';
import { PeerId, type Member } from '../../protocol/signaling.ts';
import { Emitter } from '../../rtc/meeting/emitter.ts';
import { RoomError } from '../../rtc/signaling/room-client.ts';
import { MixRecordingBars, MixRecordingChoice } from './mix-recording-bars.tsx';
import { mixRecordingsOf, type MixSession } from './mix-recording.ts';
import { Notices } from './notices.ts';

const path = `/mixes/${'x'.repeat(43)}`;
const on: MixRecording = { state: 'on', seconds: 0, sizeBytes: 0, path: null, why: null };

/** A room of which only the recordings are told. */
class Room extends Emitter<{ 'mix-recording': MixRecording }> {
  readonly asked: boolean[] = [];
  refusal: RoomError | undefined;

  async recordMix(isOn: boolean): Promise<void> {
    this.asked.push(isOn);
    if (this.refusal) throw this.refusal;
  }
}

let end: AbortController;
let place: HTMLElement;
beforeEach(() => {
  end = new AbortController();
  place = document.createElement('div');
  place.className = 'meet-recordings';
  document.body.append(place);
});
afterEach(() => {
  render(null, place);
  place.remove();
  end.abort();
});

const member = (name: string, role: Member['role']) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no more of a member is read
  ({ peer: PeerId.parse(name.padEnd(22, '-')), name, role }) as Member;

/** A meeting of alice, its host, and bob, as one of them sees it. */
function show(viewer: 'alice' | 'bob') {
  const [alice, bob] = [member('alice', 'host'), member('bob', 'guest')];
  const [self, other] = viewer === 'alice' ? [alice, bob] : [bob, alice];
  const room = new Room();
  const session = {
    self: signal<Member | null>(self),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no more of a person is read
    people: signal([{ peer: other.peer, member: other }]) as unknown as MixSession['people'],
    topology: signal<Topology>('mcu'),
    notices: new Notices(end.signal),
    signal: end.signal,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it tells one event of many
    meeting: signal<{ room: Room } | null>({ room }) as unknown as MixSession['meeting'] & { value: unknown },
  };
  mixRecordingsOf(session);
  const Both = () => (
    <>
      <MixRecordingBars session={session} />
      <nav>
        <MixRecordingChoice session={session} />
      </nav>
    </>
  );
  render(<Both />, place);
  const told = () => session.notices.list.value.map(({ text, urgency }) => `${urgency}: ${text}`);
  return { session, room, told };
}

const text = () => place.textContent;
const button = (name: string) =>
  [...place.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === name);

test('the host records on the server, all are told what is kept, and the file can be fetched', async () => {
  const { room, told } = show('alice');
  button('Record on the server')?.click();
  expect(room.asked).toEqual([true]);
  room.emit('mix-recording', on);
  await expect.poll(text).toContain('The server records this meeting for you, the host.');
  expect(told()).toEqual([
    expect.stringMatching(/^assertive: The server records .* for an hour from its end/),
  ]);
  room.emit('mix-recording', { ...on, seconds: 62, sizeBytes: 1_400_000 });
  await expect.poll(text).toContain('1:02 · 1.4 MB');
  expect(told()).toHaveLength(1);

  const stop = button('Stop recording');
  stop?.focus();
  stop?.click();
  await expect.poll(() => stop?.textContent).toBe('Is being finished …');
  stop?.click();
  expect(room.asked).toEqual([true, false]);
  expect(button('Stop recording on the server')).toBeUndefined();
  room.emit('mix-recording', { state: 'done', seconds: 63, sizeBytes: 1_500_000, path, why: null });
  await expect.poll(() => document.activeElement?.getAttribute('href')).toBe(path);
  expect(document.activeElement?.hasAttribute('download')).toBe(true);
  expect(text()).toMatch(/Recorded by the server at .*1:03 · 1\.5 MB.*deleted at \d\d:\d\d/);
  expect(told().at(-1)).toMatch(/^polite: The server no longer records\. The file, 1:03, 1\.5 MB/);

  place.querySelector<HTMLButtonElement>('[data-kept] button')?.click();
  await expect.poll(() => place.querySelector('[data-kept]')).toBeNull();
  expect(place.querySelector(`nav a[href="${path}"]`)?.textContent).toContain('Download the mix of');
  expect(button('Record on the server')).toBeDefined();
});

test('a guest is told who records and how it ended, and has nothing to press; nor has a host without a mixer', async () => {
  const guest = show('bob');
  guest.room.emit('mix-recording', { ...on, seconds: 5 });
  await expect.poll(text).toContain('The server records this meeting for alice, the host.');
  expect(place.querySelector('button')).toBeNull();
  guest.room.emit('mix-recording', { ...on, state: 'failed', why: 'The mixer was closed.' });
  await expect.poll(() => place.querySelector('.meet-recording')).toBeNull();
  expect(guest.told().at(-1)).toBe(
    'assertive: The recording on the server has failed, and there is no file. The mixer was closed.',
  );
  guest.room.emit('mix-recording', on);
  guest.session.meeting.value = null;
  await expect.poll(() => place.querySelector('.meet-recording')).toBeNull();
  expect(mixRecordingsOf(guest.session).hasGoneOn.value).toBe(true);

  const host = show('alice');
  host.session.topology.value = 'sfu';
  await expect.poll(() => place.querySelector('button')).toBeNull();
});

test('a refusal is told in words, and can be tried again', async () => {
  const { room, told } = show('alice');
  room.refusal = new RoomError('middlebox-full', '8 recordings are kept, no more at a time');
  button('Record on the server')?.click();
  await expect
    .poll(told)
    .toEqual(['assertive: The server does not record: 8 recordings are kept, no more at a time.']);
  await expect.poll(() => button('Record on the server')).toBeDefined();
  room.refusal = undefined;
  button('Record on the server')?.click();
  await expect.poll(() => room.asked).toEqual([true, true]);
});
