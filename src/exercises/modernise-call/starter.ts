import type { Given } from './given.ts';

/** One end of a call, as it was written in 2013. Both ends run it; `offers` is true at alice’s. */
export function call(
  { createPeer, navigator, remote, channel, stunServer }: Given,
  other: string,
  offers: boolean,
) {
  const pc = createPeer(
    { iceServers: [{ url: stunServer }] },
    { optional: [{ DtlsSrtpKeyAgreement: true }] },
  );

  pc.onaddstream = function (event) {
    remote.src = URL.createObjectURL(event.stream as never);
  };
  pc.onicecandidate = function (event) {
    channel.send(other, { candidate: event.candidate });
  };

  function gotDescription(description: RTCSessionDescriptionInit) {
    pc.setLocalDescription(description);
    channel.send(other, { description });
  }
  function gotStream(stream: MediaStream) {
    pc.addStream(stream);
    if (offers) pc.createOffer(gotDescription);
    channel.receive(function (_, signal) {
      if ('candidate' in signal) return void pc.addIceCandidate(signal.candidate);
      pc.setRemoteDescription(new RTCSessionDescription(signal.description));
      if (signal.description.type === 'offer') pc.createAnswer(gotDescription);
    });
  }

  navigator.getUserMedia(
    { audio: true, video: { mandatory: { minWidth: 320 }, optional: [{ minWidth: 640 }] } },
    gotStream,
    function (error) {
      console.log('getUserMedia failed', error);
    },
  );
}
