import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { Bench } from '../../rtc/bench.ts';

/** alice's end: her own picture, the one that she sends, and what can be done to the track that is sent. */
export function Sent({ bench, peers }: { bench: Bench | null; peers: readonly string[] }) {
  const own = useSignal<MediaStream | null>(null);
  const sent = useSignal<MediaStream | null>(null);
  const state = useSignal<{ enabled: boolean; readyState: string; isOut: boolean } | null>(null);

  const track = () => sent.value?.getVideoTracks()[0];
  const read = () => {
    const is = track();
    const isOut = videoSender(bench)?.track === null;
    state.value = is ? { enabled: is.enabled, readyState: is.readyState, isOut } : null;
  };

  useEffect(() => {
    own.value = null;
    sent.value = null;
    state.value = null;
    const ended = new AbortController();
    bench?.onShow(({ peer, side, stream }) => {
      if (peer === 'alice' && side === 'local' && !ended.signal.aborted) own.value = stream;
    });
    bench?.timeline.subscribe(({ peer, kind }) => {
      const added = videoSender(bench)?.track;
      if (peer !== 'alice' || kind !== 'call-settled' || sent.value || !added) return;
      sent.value = new MediaStream([added]);
      read();
    }, ended.signal);
    return () => ended.abort();
  }, [bench]);

  const enable = (enabled: boolean) => {
    const is = track();
    if (is) is.enabled = enabled;
    read();
  };
  const stop = () => {
    track()?.stop();
    read();
  };
  const swap = async () => {
    const is = track();
    const sender = videoSender(bench);
    if (is && sender) await sender.replaceTrack(sender.track ? null : is);
    read();
  };
  const { enabled = true, readyState = 'live', isOut = false } = state.value ?? {};
  const isEnded = readyState === 'ended';
  return (
    <div class="doctor-alice">
      <Small stream={own.value} label="alice’s own track" />
      <Small stream={sent.value} label="the one that she sends" />
      <fieldset class="doctor-switches">
        <legend>
          <PeerName peers={peers} peer="alice" />: the track that she sends
        </legend>
        <label>
          <input
            type="checkbox"
            checked={enabled}
            disabled={!state.value}
            onChange={({ currentTarget }) => enable(currentTarget.checked)}
          />
          enabled
        </label>
        <p class="doctor-buttons">
          <button type="button" class="ps-button" disabled={!state.value} onClick={() => void swap()}>
            {isOut ? 'replaceTrack(track)' : 'replaceTrack(null)'}
          </button>
          <button type="button" class="ps-button" disabled={!state.value || isEnded} onClick={stop}>
            stop()
          </button>
        </p>
        <p class="doctor-played" role="status">
          {isEnded ? 'readyState is ended, for good: run again for a new track.' : ''}
        </p>
      </fieldset>
    </div>
  );
}

/** alice adds her picture first: its transceiver is there from then on, whatever becomes of the track. */
const videoSender = (bench: Bench | null) =>
  bench?.connections
    .get('alice')
    ?.getTransceivers()
    .find(({ receiver }) => receiver.track.kind === 'video')?.sender;

function Small({ stream, label }: { stream: MediaStream | null; label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <figure class="doctor-small">
      {/* A live picture of this very moment: there are no words that could be written beforehand. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video ref={video} aria-label={label} autoplay muted playsInline width={160} height={90} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
