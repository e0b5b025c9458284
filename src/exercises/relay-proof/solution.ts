import type { TurnServer } from './exercise.ts';

/** What both peers are made with. */
export function configure({ host, port, username, password }: TurnServer): RTCConfiguration {
  const server = {
    urls: `turn:${host}:${port}?transport=udp`,
    username,
    credential: password,
  };
  return { iceServers: [server], iceTransportPolicy: 'relay' };
}
