import type { Spec } from './explanation.ts';

/** What an RTP header extension carries in each packet. */
type HeaderExtensionInfo = { name: string; what: string; spec: Spec };

const libwebrtc = (path: string): Spec => ({
  name: 'libwebrtc',
  title: `docs/native-code/rtp-hdrext/${path} of the WebRTC sources`,
});

const infos = new Map<string, HeaderExtensionInfo>(
  Object.entries({
    'urn:ietf:params:rtp-hdrext:sdes:mid': {
      name: 'MID',
      what: 'the mid of the media section that the packet belongs to, so that bundled streams can be told apart from the first packet on',
      spec: { name: 'RFC 9143', section: '15.2', title: 'RTP SDES Header Extension For MID' },
    },
    'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id': {
      name: 'RTP stream id (RID)',
      what: 'the rid of the stream: which simulcast layer the packet belongs to',
      spec: { name: 'RFC 8852', title: 'RTP Stream Identifier Source Description (SDES)' },
    },
    'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id': {
      name: 'Repaired RTP stream id',
      what: 'the rid of the stream that a retransmission repairs',
      spec: { name: 'RFC 8852', title: 'RTP Stream Identifier Source Description (SDES)' },
    },
    'urn:ietf:params:rtp-hdrext:ssrc-audio-level': {
      name: 'Client-to-mixer audio level',
      what: 'how loud the sound in the packet is, so that a server finds the active speaker without decoding',
      spec: { name: 'RFC 6464', title: 'RTP Header Extension for Client-to-Mixer Audio Level Indication' },
    },
    'urn:ietf:params:rtp-hdrext:csrc-audio-level': {
      name: 'Mixer-to-client audio level',
      what: 'how loud each contributor to a mixed stream is',
      spec: { name: 'RFC 6465', title: 'RTP Header Extension for Mixer-to-Client Audio Level Indication' },
    },
    'urn:ietf:params:rtp-hdrext:toffset': {
      name: 'Transmission time offset',
      what: 'how long after its timestamp the packet was really sent, for measuring jitter',
      spec: { name: 'RFC 5450', title: 'Transmission Time Offsets in RTP Streams' },
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time': {
      name: 'Absolute send time',
      what: 'the time when the packet left the sender, from which the receiver estimates the bandwidth (REMB)',
      spec: libwebrtc('abs-send-time'),
    },
    'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01': {
      name: 'Transport-wide sequence number',
      what: 'a number that counts all packets of the transport, to which the receiver answers with arrival times; the sender estimates the bandwidth from them',
      spec: {
        name: 'draft-holmer-rmcat-transport-wide-cc-extensions-01',
        title: 'RTP Extensions for Transport-wide Congestion Control',
      },
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02': {
      name: 'Transport-wide sequence number, version 2',
      what: 'a number that counts all packets of the transport, with a way to ask for feedback packet by packet',
      spec: libwebrtc('transport-wide-cc-02'),
    },
    'urn:3gpp:video-orientation': {
      name: 'Coordination of video orientation (CVO)',
      what: 'how the receiver must turn the picture, as when a phone is held sideways',
      spec: { name: '3GPP TS 26.114', section: '7.4.5', title: 'Coordination of Video Orientation' },
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay': {
      name: 'Playout delay',
      what: 'the shortest and longest delay that the sender wants before the frame is shown; 0 for games and remote desktops',
      spec: libwebrtc('playout-delay'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/video-content-type': {
      name: 'Video content type',
      what: 'whether the picture is a camera or a shared screen',
      spec: libwebrtc('video-content-type'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/video-timing': {
      name: 'Video timing',
      what: 'when the frame was captured, encoded and sent, for finding out where time is lost',
      spec: libwebrtc('video-timing'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/color-space': {
      name: 'Colour space',
      what: 'which colours the numbers of the picture mean, with HDR data',
      spec: libwebrtc('color-space'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time': {
      name: 'Absolute capture time',
      what: 'when the sound or picture was captured, by the wall clock: for synchronising streams across a server',
      spec: libwebrtc('abs-capture-time'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00': {
      name: 'Video layers allocation',
      what: 'which layers are being sent, with their sizes and bitrates, so that a server knows what it can choose from',
      spec: libwebrtc('video-layers-allocation00'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/corruption-detection': {
      name: 'Corruption detection',
      what: 'samples of the picture before encoding, with which the receiver notices a wrongly decoded one',
      spec: libwebrtc('corruption-detection'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/inband-cn': {
      name: 'In-band comfort noise',
      what: 'the level of background noise, to be played while nobody speaks',
      spec: libwebrtc('inband-cn'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/video-frame-tracking-id': {
      name: 'Video frame tracking id',
      what: 'a number by which test tools follow a frame from camera to screen',
      spec: libwebrtc('video-frame-tracking-id'),
    },
    'http://www.webrtc.org/experiments/rtp-hdrext/generic-frame-descriptor-00': {
      name: 'Generic frame descriptor',
      what: 'which frames the packet\u2019s frame builds on, for any codec; the older relative of the dependency descriptor',
      spec: { name: 'libwebrtc', title: 'Generic frame descriptor, an experiment' },
    },
    'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension': {
      name: 'Dependency descriptor',
      what: 'which frames and layers the packet\u2019s frame builds on, so that a server can drop layers without decoding, even from encrypted video',
      spec: { name: 'AV1 RTP', section: 'A', title: 'Dependency Descriptor RTP Header Extension' },
    },
    'urn:ietf:params:rtp-hdrext:framemarking': {
      name: 'Frame marking',
      what: 'whether a frame starts, ends or can be dropped here, so that a server can choose without decoding',
      spec: { name: 'RFC 9626', title: 'Video Frame Marking RTP Header Extension' },
    },
  }),
);

/** Undefined for an extension that we do not know. */
export function headerExtensionInfo(uri: string): HeaderExtensionInfo | undefined {
  return infos.get(uri);
}
