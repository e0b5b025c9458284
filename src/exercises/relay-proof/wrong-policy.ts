// only: `host`
import type { TurnServer } from './exercise.ts';

export function configure({ host, port, username, password }: TurnServer): RTCConfiguration {
  const server = { urls: `turn:${host}:${port}?transport=udp`, username, credential: password };
  return { iceServers: [server] };
}
