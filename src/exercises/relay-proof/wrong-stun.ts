// relayed: no selected pair
import type { TurnServer } from './exercise.ts';

export function configure({ host, port }: TurnServer): RTCConfiguration {
  return { iceServers: [{ urls: `stun:${host}:${port}` }], iceTransportPolicy: 'relay' };
}
