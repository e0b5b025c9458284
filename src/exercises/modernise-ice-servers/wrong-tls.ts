// relay: `turn:turn.example.org:443?transport=tcp`
/** For a service with a relay of its own. `username` and `secret` come from its server, and are others each day. */
export function configuration(username: string, secret: string): RTCConfiguration {
  return {
    iceServers: [
      { urls: 'stun:stun.l.google.com:19302' },
      {
        urls: ['turn:turn.example.org:3478?transport=udp', 'turn:turn.example.org:443?transport=tcp'],
        username,
        credential: secret,
      },
    ],
  };
}
