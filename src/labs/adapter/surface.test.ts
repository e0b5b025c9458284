import { expect, test } from 'vitest';
import { changesBetween, surfaceOf } from './surface.ts';

type Page = Record<string, unknown>;

class Connection {
  addTrack(): void {}
  removeTrack(): void {}
  get state(): string {
    return 'new';
  }
}
/** A page of its own each time, with a prefixed name for the same thing. */
function page(): Page {
  class RTCPeerConnection extends Connection {}
  for (const name of Object.getOwnPropertyNames(Connection.prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(Connection.prototype, name);
    if (name !== 'constructor' && descriptor)
      Object.defineProperty(RTCPeerConnection.prototype, name, descriptor);
  }
  const mediaDevices = { getUserMedia: () => {} };
  return {
    RTCPeerConnection,
    webkitRTCPeerConnection: RTCPeerConnection,
    navigator: { mediaDevices },
    NaN,
    other: 1,
  };
}
const changesAfter = (act: (page: Page) => void): readonly string[] => {
  const here = page();
  const before = surfaceOf(here);
  act(here);
  return changesBetween(before, surfaceOf(here)).map(
    ({ object, property, how }) => `${how} ${object}.${property}`,
  );
};
const connectionOf = (here: Page) => (here['RTCPeerConnection'] as typeof Connection).prototype;

test('a page that nothing was done to has not changed', () => {
  expect(changesAfter(() => {})).toEqual([]);
});

test('a method that was replaced, added or removed is told once, under the name without a prefix', () => {
  const changes = changesAfter((here) => {
    const connection = connectionOf(here);
    connection.addTrack = () => {};
    Object.assign(connection, { addStream() {}, toString: () => '' }); // the latter is inherited
    Reflect.deleteProperty(connection, 'removeTrack');
    Object.assign(here['navigator'] as object, { getUserMedia() {} });
  });
  expect(changes).toEqual([
    'added RTCPeerConnection.prototype.addStream',
    'replaced RTCPeerConnection.prototype.addTrack',
    'removed RTCPeerConnection.prototype.removeTrack',
    'replaced RTCPeerConnection.prototype.toString',
    'added navigator.getUserMedia',
  ]);
});

test('an accessor that was replaced and an interface that is another one are told; other globals are not', () => {
  const changes = changesAfter((here) => {
    Object.defineProperty(connectionOf(here), 'state', { get: () => 'connected', configurable: true });
    here['MediaStream'] = class {
      id = '';
    };
    here['other'] = 2;
  });
  expect(changes.filter((change) => !change.includes(' MediaStream'))).toEqual([
    'replaced RTCPeerConnection.prototype.state',
    'added window.MediaStream',
  ]);
});
