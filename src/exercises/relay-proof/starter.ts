import type { TurnServer } from './exercise.ts';

/** What both peers are made with. */
export function configure({ host, port, username, password }: TurnServer): RTCConfiguration {
  const server = {
    urls: `${host}:${port}?transport=udp`,
    username,
    credentials: password,
  };
  return { iceServers: [server] };
}
