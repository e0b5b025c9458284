/** Where a call that a library makes for you is explained. */
const lessonOf: Readonly<Record<string, string>> = {
  RTCPeerConnection: '/lessons/orientation/first-call/',
  addIceCandidate: '/lessons/connectivity/trickle-ice/',
  addTrack: '/lessons/media/streams/',
  addTransceiver: '/lessons/signaling/transceivers/',
  close: '/lessons/topologies/in-call/',
  createAnswer: '/lessons/signaling/by-hand/',
  createDataChannel: '/lessons/orientation/first-call/',
  createOffer: '/lessons/signaling/by-hand/',
  getSenders: '/lessons/signaling/transceivers/',
  getStats: '/lessons/connectivity/checks/',
  getTransceivers: '/lessons/signaling/transceivers/',
  getUserMedia: '/lessons/media/permission/',
  removeTrack: '/lessons/signaling/renegotiation/',
  replaceTrack: '/lessons/media/screen/',
  restartIce: '/lessons/connectivity/ice-restart/',
  setCodecPreferences: '/lessons/signaling/codec-control/',
  setConfiguration: '/lessons/connectivity/ice-restart/',
  setLocalDescription: '/lessons/signaling/states/',
  setParameters: '/lessons/topologies/sfu/',
  setRemoteDescription: '/lessons/signaling/states/',
};

/** All of them, for a test that they are there. */
export const lessonPaths: readonly string[] = [...new Set(Object.values(lessonOf))];

/** The lesson about a method, written `addTrack` or `RTCRtpSender.replaceTrack`; undefined where there is none. */
export function lessonAbout(method: string): string | undefined {
  const name = method.split('.').at(-1) ?? method;
  return Object.hasOwn(lessonOf, name) ? lessonOf[name] : undefined;
}
