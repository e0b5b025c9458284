import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Bench, Shown } from '../../rtc/bench.ts';
import { toRtcError } from '../../rtc/errors.ts';
import { attachStream } from '../../rtc/media/playback.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { endAt } from './model/fold.ts';
import { hasFirstFrame, receivedVideo } from './model/shown.ts';
import { statsFold } from './model/stats.ts';
import { PeerName, peerColour } from './peer.tsx';
import { useShown } from './shown.tsx';
import './panel.css';
import './tiles.css';

/** The pictures of the peers that live in this page: large what each receives, small what it sends. */
export function TilesPanel({ view }: PanelProps) {
  const compute = useMemo(statsFold, []);
  const { list } = view.entries.value;
  const stats = compute(list, endAt(list, view.focus.value));
  const peers = view.peers.value;
  const hosted = view.hosted.value.length > 0 ? view.hosted.value : peers;
  const bench = view.bench.value;
  const shown = useShown(bench);
  return (
    <div class="ps-panel ps-tiles">
      {hosted.map((peer) => (
        <Tile
          key={peer}
          peer={peer}
          peers={peers}
          bench={bench}
          words={receivedVideo(stats.get(peer))}
          sends={streamOf(shown, peer, 'local')}
          receives={streamOf(shown, peer, 'remote')}
        />
      ))}
    </div>
  );
}

const streamOf = (shown: readonly Shown[], peer: PeerLabel, side: Shown['side']): MediaStream | undefined =>
  shown.findLast((one) => one.peer === peer && one.side === side)?.stream;

interface TileProps {
  readonly peer: PeerLabel;
  readonly peers: readonly PeerLabel[];
  readonly bench: Bench | null;
  readonly words: string;
  readonly sends: MediaStream | undefined;
  readonly receives: MediaStream | undefined;
}

function Tile({ peer, peers, bench, words, sends, receives }: TileProps) {
  const isMuted = useSignal(true);
  const recordFirstFrame = (width: number, height: number) => {
    if (!bench || bench.signal.aborted || hasFirstFrame(bench.timeline.entries, peer)) return;
    bench.timeline.append(peer, { kind: 'first-frame', width, height });
  };
  return (
    <figure class="ps-tile" data-peer={peer} style={{ '--peer': peerColour(peers, peer) }}>
      <div class="ps-picture">
        <Picture
          label={`What ${peer} receives`}
          placeholder={`what ${peer} receives`}
          stream={receives}
          bench={bench}
          isMuted={isMuted.value}
          onFirstFrame={recordFirstFrame}
        />
        <div class="ps-preview">
          <Picture label={`What ${peer} sends`} placeholder="sends" stream={sends} bench={bench} isMuted />
        </div>
      </div>
      <figcaption>
        <PeerName peers={peers} peer={peer} /> <span class="ps-tile-words">{words || 'nothing yet'}</span>
        <button
          type="button"
          class="ps-button"
          disabled={!receives}
          aria-pressed={!isMuted.value}
          aria-label={`Sound of what ${peer} receives`}
          onClick={() => (isMuted.value = !isMuted.value)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 6h2.5L8 3v10L4.5 10H2z" />
            <path
              class="ps-waves"
              d={isMuted.value ? 'M10.5 6l4 4m0-4l-4 4' : 'M10.5 5.5q1.8 2.5 0 5M12.5 3.5q3.2 4.5 0 9'}
            />
          </svg>
          Sound
        </button>
      </figcaption>
    </figure>
  );
}

interface PictureProps {
  readonly label: string;
  readonly placeholder: string;
  readonly stream: MediaStream | undefined;
  readonly bench: Bench | null;
  readonly isMuted: boolean;
  readonly onFirstFrame?: (width: number, height: number) => void;
}

/** One stream in a box that has its place before there is a picture. */
function Picture({ label, placeholder, stream, bench, isMuted, onFirstFrame }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const isBlocked = useSignal(false);

  useEffect(() => {
    const element = video.current;
    if (!element || !stream || !bench) return undefined;
    const shown = new AbortController();
    const signal = AbortSignal.any([shown.signal, bench.signal]);
    attachStream(element, stream, { signal, ...(onFirstFrame && { onFirstFrame }) }).catch(
      (error: unknown) => {
        isBlocked.value = toRtcError(error).code === 'autoplay-blocked';
      },
    );
    return () => shown.abort();
  }, [stream, bench]);

  useEffect(() => {
    if (video.current) video.current.muted = isMuted;
  }, [isMuted, stream]);

  const play = () => {
    video.current?.play().then(
      () => (isBlocked.value = false),
      () => (isBlocked.value = true),
    );
  };

  return (
    <>
      {/* A live picture of this very moment: there are no words that could be written beforehand. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video ref={video} aria-label={label} muted playsInline width={640} height={360} />
      {!stream && (
        <span class="ps-placeholder" aria-hidden="true">
          {placeholder}
        </span>
      )}
      {isBlocked.value && (
        <span class="ps-blocked">
          <button type="button" class="ps-button" onClick={play}>
            Play
          </button>
          The browser did not start playback by itself.
        </span>
      )}
    </>
  );
}
