/** For a service with a relay of its own. `username` and `secret` come from its server, and are others each day. */
export function configuration(username: string, secret: string): unknown {
  return {
    iceServers: [
      'stun.1.google.com:1902',
      { url: 'turn://turn.example.org:3478', username, credentials: secret },
      { url: 'turn:turn.example.org:443?transport=tls', username, credentials: secret },
    ],
  };
}
