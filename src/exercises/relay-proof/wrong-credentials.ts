// accepted: refused
import type { TurnServer } from './exercise.ts';

export function configure({ host, port, username, password }: TurnServer): RTCConfiguration {
  const server = { urls: `turn:${host}:${port}?transport=udp`, username, credentials: password };
  return { iceServers: [server], iceTransportPolicy: 'relay' };
}
