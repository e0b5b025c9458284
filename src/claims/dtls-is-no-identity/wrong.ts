import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, signal }: ClaimTools): Promise<string> {
  const [alice, fakeBob, fakeAlice, bob] = [createPeer(), createPeer(), createPeer(), createPeer()];
  const inner = fakeAlice.createDataChannel('chat');
  fakeBob.addEventListener('datachannel', ({ channel }) =>
    channel.addEventListener('message', ({ data }) => inner.send(`${data}, read on the way`)),
  );
  const read = new Promise<string>((resolve) =>
    bob.addEventListener('datachannel', ({ channel }) =>
      channel.addEventListener('message', ({ data }) => resolve(String(data))),
    ),
  );
  const chat = alice.createDataChannel('chat');
  await Promise.all([connect(fakeAlice, bob, signal), connect(alice, fakeBob, signal)]);
  await until(() => chat.readyState === 'open' && inner.readyState === 'open', [chat, inner], signal);
  chat.send('hello');
  return `bob reads: ${await read}; both are ${alice.connectionState}`;
}

async function connect(offerer: RTCPeerConnection, answerer: RTCPeerConnection, signal: AbortSignal) {
  offerer.addEventListener(
    'icecandidate',
    ({ candidate }) => void answerer.addIceCandidate(candidate ?? undefined),
  );
  answerer.addEventListener(
    'icecandidate',
    ({ candidate }) => void offerer.addIceCandidate(candidate ?? undefined),
  );
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription!);
  await until(() => offerer.connectionState === 'connected', [offerer], signal);
}

async function until(holds: () => boolean, targets: readonly EventTarget[], signal: AbortSignal) {
  while (!holds())
    await new Promise((next) => {
      for (const target of targets)
        for (const event of ['connectionstatechange', 'open'])
          target.addEventListener(event, next, { once: true, signal });
    });
}
