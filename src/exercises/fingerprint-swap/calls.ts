/** What the server does to a call. */
export type Kind = 'honest' | 'mallory' | 'one-digit' | 'one-way';

/** A call as its two ends know it. */
export interface Call {
  readonly kind: Kind;
  readonly alice: Known;
  readonly bob: Known;
  /** Whether a word of alice's reached bob, over whatever lay between. */
  readonly spoke: boolean;
}
export interface Known {
  readonly local: string;
  readonly remote: string;
}

/**
 * Makes a call of a kind: two real connections, or four when mallory sits between. They end when it is known what each
 * end has, or with `ended`.
 *
 * @param speaks waits until the call is up, and alice says a word
 */
export async function makeCall(kind: Kind, speaks: boolean, ended: AbortSignal): Promise<Call> {
  const opened: RTCPeerConnection[] = [];
  const close = () => {
    for (const pc of opened) pc.close();
  };
  ended.addEventListener('abort', close, { once: true });
  const open = () => {
    ended.throwIfAborted();
    const pc = new RTCPeerConnection();
    opened.push(pc);
    return pc;
  };
  try {
    return await call(kind, speaks, open, ended);
  } finally {
    ended.removeEventListener('abort', close);
    close();
  }
}

async function call(
  kind: Kind,
  speaks: boolean,
  open: () => RTCPeerConnection,
  ended: AbortSignal,
): Promise<Call> {
  const [alice, bob] = [open(), open()];
  const channel = alice.createDataChannel('words');
  const heard = hears(bob);
  let spoke = false;
  if (kind === 'mallory') {
    const [fakeBob, fakeAlice] = [open(), open()];
    const onward = fakeAlice.createDataChannel('words');
    const read = hears(fakeBob);
    await Promise.all([join(alice, fakeBob), join(fakeAlice, bob)]);
    await Promise.all([isOpen(channel, ended), isOpen(onward, ended)]);
    channel.send('hello');
    onward.send(await read); // read, and passed on
    spoke = (await heard) === 'hello';
  } else if (kind === 'honest' && speaks) {
    await join(alice, bob);
    await isOpen(channel, ended);
    channel.send('hello');
    spoke = (await heard) === 'hello';
  } else {
    await join(alice, bob, kind);
  }
  return { kind, alice: knownBy(alice), bob: knownBy(bob), spoke };
}

/** Offer, answer and candidates, by way of a server that may change the fingerprints. */
async function join(offerer: RTCPeerConnection, answerer: RTCPeerConnection, kind?: Kind): Promise<void> {
  for (const [from, to] of [
    [offerer, answerer],
    [answerer, offerer],
  ] as const)
    from.addEventListener('icecandidate', ({ candidate }) => {
      if (to.signalingState !== 'closed') void to.addIceCandidate(candidate ?? undefined).catch(() => {});
    });
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(
    onTheWay(offerer.localDescription, kind === undefined ? 'honest' : kind),
  );
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(
    onTheWay(answerer.localDescription, kind === 'one-digit' ? kind : 'honest'),
  );
}

/** With one digit of each fingerprint changed: the last one, where nobody looks. */
function onTheWay(description: RTCSessionDescription | null, kind: Kind): RTCSessionDescriptionInit {
  const { type, sdp } = description ?? { type: 'offer' as const, sdp: '' };
  if (kind === 'honest') return { type, sdp };
  const changed = sdp.replaceAll(
    /^(a=fingerprint:\S+ \S+)(\S)/gm,
    (_, before: string, digit: string) => before + (digit === '0' ? '1' : '0'),
  );
  return { type, sdp: changed };
}

const knownBy = ({ localDescription, remoteDescription }: RTCPeerConnection): Known => ({
  local: localDescription?.sdp ?? '',
  remote: remoteDescription?.sdp ?? '',
});

function hears(pc: RTCPeerConnection): Promise<string> {
  return new Promise((resolve) => {
    pc.addEventListener('datachannel', ({ channel }) =>
      channel.addEventListener('message', ({ data }: MessageEvent<string>) => resolve(data)),
    );
  });
}

function isOpen(channel: RTCDataChannel, ended: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (channel.readyState === 'open') return resolve();
    channel.addEventListener('open', () => resolve(), { once: true });
    ended.addEventListener('abort', () => reject(ended.reason as Error), { once: true });
  });
}
