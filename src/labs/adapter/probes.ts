import type { Realm } from '../../lab-kit/compare/realm.ts';

type Page = Realm['window'];

export type Group = 'old' | 'new' | 'beyond';

/** One question to a browser, put to a page in the same way whatever was loaded into it. */
export interface Probe {
  readonly id: string;
  readonly group: Group;
  /** What is tried; `code` between backticks. */
  readonly title: string;
  /** Why somebody would ask, in a sentence. */
  readonly why: string;
  /** Gives the answer in a few words. What it throws is the answer, too. */
  readonly ask: (page: Page, tools: Tools) => unknown;
}

export interface Tools {
  /** Another connection, closed when the question is answered. */
  readonly open: (configuration?: RTCConfiguration) => RTCPeerConnection;
  /** A track of nothing, in a stream of its own. */
  readonly stream: () => MediaStream;
}

/** Puts a question to a page. Never throws. */
export async function put(probe: Probe, page: Page): Promise<string> {
  const opened: RTCPeerConnection[] = [];
  const streams: MediaStream[] = [];
  const tools: Tools = {
    open: (configuration) => {
      const pc = new page.RTCPeerConnection(configuration);
      opened.push(pc);
      return pc;
    },
    stream: () => {
      const canvas = page.document.createElement('canvas');
      canvas.getContext('2d'); // Firefox captures nothing without
      const stream = canvas.captureStream(0);
      streams.push(stream);
      return stream;
    },
  };
  try {
    return String(await probe.ask(page, tools));
  } catch (error) {
    return nameOf(error);
  } finally {
    for (const pc of opened) pc.close();
    for (const stream of streams) for (const track of stream.getTracks()) track.stop();
  }
}

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : String(error);

/** What browsers had, have or never had; no type of today knows it. */
type Loose = Record<string, unknown>;
const loose = (value: object): Loose => value as Loose;
const call = (target: object, method: string, ...args: readonly unknown[]): unknown => {
  const found = loose(target)[method];
  if (typeof found !== 'function') throw new TypeError(`there is no ${method}`);
  return Reflect.apply(found, target, args);
};
const listed = (names: readonly string[]): string => names.join(', ') || 'none';
const isThere = (value: unknown): string => (value === undefined ? 'not there' : 'there');
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** An offer of one and the answer of the other, without a candidate: nothing is connected. */
async function exchange(offerer: RTCPeerConnection, answerer: RTCPeerConnection): Promise<void> {
  await offerer.setLocalDescription(await offerer.createOffer());
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription(await answerer.createAnswer());
  await offerer.setRemoteDescription(answerer.localDescription!);
}

const sending = (pc: RTCPeerConnection): string =>
  counted(pc.getSenders().filter(({ track }) => track !== null).length, 'track');

const sampleCandidate = 'candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host';

export const probes: readonly Probe[] = [
  {
    id: 'old-get-user-media',
    group: 'old',
    title: '`navigator.getUserMedia`',
    why: 'The method of 2012, with callbacks. The one of today is in `navigator.mediaDevices`.',
    ask: ({ navigator }) => isThere(loose(navigator)['getUserMedia']),
  },
  {
    id: 'prefixed-get-user-media',
    group: 'old',
    title: 'The same with `webkit` and `moz`',
    why: 'The names from before there was a standard.',
    ask: ({ navigator }) =>
      listed(['webkitGetUserMedia', 'mozGetUserMedia'].filter((name) => name in navigator)),
  },
  {
    id: 'prefixed-connection',
    group: 'old',
    title: '`RTCPeerConnection` with a prefix',
    why: 'Code of 2013 looks for these first.',
    ask: (page) => listed(['webkitRTCPeerConnection', 'mozRTCPeerConnection'].filter((name) => name in page)),
  },
  {
    id: 'object-url',
    group: 'old',
    title: '`URL.createObjectURL(stream)`',
    why: 'How a stream came into a `<video>` before there was `srcObject`.',
    ask: ({ URL }, { stream }) => String(call(URL, 'createObjectURL', stream())).split(':')[0],
  },
  {
    id: 'url-key',
    group: 'old',
    title: '`iceServers: [{ url: … }]`',
    why: 'The key was `url` once; now it is `urls`.',
    ask: (_, { open }) => {
      const servers = [{ url: 'stun:192.0.2.1' }] as unknown as RTCIceServer[];
      return counted(open({ iceServers: servers }).getConfiguration().iceServers?.length ?? 0, 'server');
    },
  },
  {
    id: 'callbacks',
    group: 'old',
    title: '`createOffer(success, failure)`',
    why: 'Callbacks in place of a promise.',
    ask: (_, { open }) =>
      new Promise((resolve, reject) => {
        const pc = open();
        const success = ({ type }: RTCSessionDescriptionInit) => resolve(`called with an ${type}`);
        call(pc, 'createOffer', success, reject);
      }),
  },
  {
    id: 'add-stream',
    group: 'old',
    title: '`pc.addStream(stream)`',
    why: 'Left the standard; `addTrack()` took its place.',
    ask: (_, { open, stream }) => {
      const pc = open();
      call(pc, 'addStream', stream());
      return `sends ${sending(pc)}`;
    },
  },
  {
    id: 'add-stream-twice',
    group: 'old',
    title: 'The same stream added twice',
    why: 'What the browser forgives, a shim may refuse.',
    ask: (_, { open, stream }) => {
      const pc = open();
      const same = stream();
      call(pc, 'addStream', same);
      call(pc, 'addStream', same);
      return `sends ${sending(pc)}`;
    },
  },
  {
    id: 'remove-stream',
    group: 'old',
    title: '`pc.removeStream(stream)`',
    why: 'The way back.',
    ask: (_, { open, stream }) => {
      const pc = open();
      const same = stream();
      for (const track of same.getTracks()) pc.addTrack(track, same);
      call(pc, 'removeStream', same);
      return `sends ${sending(pc)}`;
    },
  },
  {
    id: 'local-streams',
    group: 'old',
    title: '`getLocalStreams()` after `addTrack(track, stream)`',
    why: 'Old code asks the connection for its streams, not for its senders.',
    ask: (_, { open, stream }) => {
      const pc = open();
      const same = stream();
      for (const track of same.getTracks()) pc.addTrack(track, same);
      const streams = call(pc, 'getLocalStreams') as readonly MediaStream[];
      return `${counted(streams.length, 'stream')}, ${streams[0] === same ? 'the same object' : 'another object'}`;
    },
  },
  {
    id: 'local-streams-removed',
    group: 'old',
    title: '`getLocalStreams()` after `removeTrack()`',
    why: 'Does the connection forget a stream whose last track has gone?',
    ask: (_, { open, stream }) => {
      const pc = open();
      const same = stream();
      const senders = same.getTracks().map((track) => pc.addTrack(track, same));
      for (const sender of senders) pc.removeTrack(sender);
      return counted((call(pc, 'getLocalStreams') as readonly MediaStream[]).length, 'stream');
    },
  },
  {
    id: 'add-stream-event',
    group: 'old',
    title: 'The event `addstream`',
    why: 'Today it is `track`, once for each track.',
    ask: async (_, { open, stream }) => {
      const [one, other] = [open(), open()];
      let fired = 0;
      other.addEventListener('addstream', () => (fired += 1));
      const same = stream();
      for (const track of same.getTracks()) one.addTrack(track, same);
      await exchange(one, other);
      return counted(fired, 'event');
    },
  },
  {
    id: 'null-candidate',
    group: 'new',
    title: '`addIceCandidate(null)`',
    why: '“No more candidates”: it was an error in older browsers.',
    ask: async (_, { open }) => {
      const [one, other] = [open(), open()];
      one.createDataChannel('probe');
      await exchange(one, other);
      await other.addIceCandidate(null);
      return 'taken';
    },
  },
  {
    id: 'early-null-candidate',
    group: 'new',
    title: '… before there is a remote description',
    why: 'By the standard an `InvalidStateError`.',
    ask: async (_, { open }) => {
      await open().addIceCandidate(null);
      return 'taken';
    },
  },
  {
    id: 'empty-candidate',
    group: 'new',
    title: "`addIceCandidate({ candidate: '' })`",
    why: 'The end of one section, as Firefox says it.',
    ask: async (_, { open }) => {
      const [one, other] = [open(), open()];
      one.createDataChannel('probe');
      await exchange(one, other);
      await other.addIceCandidate({ candidate: '', sdpMid: '0' });
      return 'taken';
    },
  },
  {
    id: 'no-argument',
    group: 'new',
    title: '`setLocalDescription()` without an argument',
    why: 'Perfect negotiation stands on it.',
    ask: async (_, { open }) => {
      const pc = open();
      pc.createDataChannel('probe');
      await pc.setLocalDescription();
      return pc.localDescription?.type;
    },
  },
  {
    id: 'connection-state',
    group: 'new',
    title: '`connectionState`',
    why: 'ICE and DTLS in one word. Firefox has it since 113.',
    ask: (_, { open }) => open().connectionState,
  },
  {
    id: 'track-event',
    group: 'new',
    title: 'The event `track`',
    why: 'Does it bring a transceiver and the streams?',
    ask: async (_, { open, stream }) => {
      const [one, other] = [open(), open()];
      let told = 'never fired';
      other.addEventListener('track', ({ transceiver, streams }) => {
        told = `${transceiver ? 'a transceiver' : 'no transceiver'}, ${counted(streams.length, 'stream')}`;
      });
      const same = stream();
      for (const track of same.getTracks()) one.addTrack(track, same);
      await exchange(one, other);
      return told;
    },
  },
  {
    id: 'max-message-size',
    group: 'new',
    title: '`pc.sctp.maxMessageSize`',
    why: 'How much one `send()` may carry. It differs from browser to browser, and has to.',
    ask: async (_, { open }) => {
      const [one, other] = [open(), open()];
      one.createDataChannel('probe');
      await exchange(one, other);
      return one.sctp ? `${one.sctp.maxMessageSize} bytes` : 'no sctp';
    },
  },
  {
    id: 'send-encodings',
    group: 'new',
    title: '`addTransceiver()` with three encodings',
    why: 'Firefox ignored them for long.',
    ask: (_, { open }) => {
      const sendEncodings = ['q', 'h', 'f'].map((rid) => ({ rid }));
      const { sender } = open().addTransceiver('video', { direction: 'sendonly', sendEncodings });
      return counted(sender.getParameters().encodings.length, 'encoding');
    },
  },
  {
    id: 'candidate-fields',
    group: 'new',
    title: '`new RTCIceCandidate(…)`',
    why: 'Are its parts there to be read, or only its text?',
    ask: ({ RTCIceCandidate }) => {
      const candidate = new RTCIceCandidate({ candidate: sampleCandidate, sdpMid: '0' });
      return `${candidate.type} ${candidate.address}:${candidate.port}`;
    },
  },
  {
    id: 'sender-stats',
    group: 'new',
    title: '`sender.getStats()`',
    why: 'Statistics of one sender, as a map that can be walked through.',
    ask: async (_, { open }) => {
      const { sender } = open().addTransceiver('audio');
      const report = await sender.getStats();
      return typeof report.forEach === 'function' ? 'a map' : typeof report;
    },
  },
  {
    id: 'stats-closed',
    group: 'new',
    title: '`getStats()` after `close()`',
    why: 'Firefox refused it before 151.',
    ask: async (_, { open }) => {
      const pc = open();
      pc.close();
      await pc.getStats();
      return 'a map';
    },
  },
  {
    id: 'dtmf',
    group: 'new',
    title: '`sender.dtmf`',
    why: 'The keys of a telephone, from a sender of sound.',
    ask: (_, { open }) => isThere(open().addTransceiver('audio').sender.dtmf ?? undefined),
  },
  {
    id: 'codecs',
    group: 'beyond',
    title: 'Video codecs',
    why: 'What the browser was built with, or finds on the machine. No script can add one.',
    ask: ({ RTCRtpSender }) => {
      const { codecs } = RTCRtpSender.getCapabilities('video') ?? { codecs: [] };
      const names = codecs.map(({ mimeType }) => mimeType.replace('video/', ''));
      return listed([...new Set(names)].filter((name) => !/^(?:rtx|red|ulpfec|flexfec-03)$/i.test(name)));
    },
  },
  {
    id: 'recorder',
    group: 'beyond',
    title: 'What `MediaRecorder` writes',
    why: 'Containers differ, and a shim has no encoder.',
    ask: ({ MediaRecorder }) =>
      listed(
        ['video/webm;codecs=vp8', 'video/webm;codecs=av1', 'video/mp4;codecs=av01,opus'].filter((type) =>
          MediaRecorder.isTypeSupported(type),
        ),
      ),
  },
  {
    id: 'scalability-mode',
    group: 'beyond',
    title: '`scalabilityMode: "L1T3"`',
    why: 'Layers in one stream: the encoder has them or it has not.',
    ask: (_, { open }) => {
      const layered: object = { scalabilityMode: 'L1T3' };
      const { sender } = open().addTransceiver('video', { sendEncodings: [layered] });
      const [encoding] = sender.getParameters().encodings;
      return loose(encoding ?? {})['scalabilityMode'] ?? 'dropped';
    },
  },
  {
    id: 'missing',
    group: 'beyond',
    title: 'Newer interfaces that are missing',
    why: 'Whole parts of the platform: they come with the next version or not at all.',
    ask: (page) =>
      listed(
        ['RTCRtpScriptTransform', 'MediaStreamTrackProcessor', 'CropTarget', 'CaptureController'].filter(
          (name) => !(name in page),
        ),
      ),
  },
  {
    id: 'permission',
    group: 'beyond',
    title: 'Permission for the camera',
    why: 'It belongs to the reader of the page.',
    ask: async ({ navigator }) => (await navigator.permissions.query({ name: 'camera' })).state,
  },
  {
    id: 'addresses',
    group: 'beyond',
    title: 'Addresses in candidates',
    why: 'What the network and the browser give away: a name for a while, or the address itself.',
    ask: (page, { open }) =>
      new Promise((resolve) => {
        const pc = open();
        const kinds = new Set<string>();
        const done = () => resolve(listed([...kinds].toSorted()));
        pc.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate?.candidate)
            kinds.add(`${candidate.type} by ${candidate.address?.endsWith('.local') ? 'name' : 'address'}`);
          if (!candidate) done();
        });
        page.setTimeout(done, 5_000); // no network, or a slow one
        pc.createDataChannel('probe');
        void pc.setLocalDescription();
      }),
  },
];
