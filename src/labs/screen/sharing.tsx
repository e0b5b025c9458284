import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { readFrameCode } from '../../rtc/media/frame-code.ts';
import type { Entry } from '../../rtc/timeline.ts';
import { deskOf, type Desk } from './desk.ts';
import '../../lab-kit/panels/panel.css';
import './sharing.css';

/** Both stop buttons, what the captured track says of itself, and what of it arrives. */
export function Sharing({ view }: PanelProps) {
  const bench = view.bench.value;
  const { list } = view.entries.value;
  const desk = bench ? deskOf(bench) : undefined;
  const hosted = view.hosted.value;
  return (
    <section class="ps-panel sharing" aria-label="Sharing">
      {hosted.includes('alice') && <Buttons desk={desk} />}
      <dl class="sharing-facts">
        <dt>Captured track</dt>
        <dd data-fact="track">{desk?.display.value ? trackWords(desk) : 'none'}</dd>
        <dt>Its sound</dt>
        <dd>{soundWords(desk?.display.value)}</dd>
        <dt>
          <PeerName peers={view.peers.value} peer="alice" /> sends
        </dt>
        <dd data-fact="sends">{sentWords(list)}</dd>
        <dt>
          <PeerName peers={view.peers.value} peer="bob" /> sees
        </dt>
        <dd data-fact="sees">{hosted.includes('bob') ? <Seen bench={bench} /> : 'it in the other page'}</dd>
        <dt>Offers and answers</dt>
        <dd data-fact="descriptions">{describedWords(list)}</dd>
      </dl>
    </section>
  );
}

function Buttons({ desk }: { desk: Desk | undefined }) {
  const section = useRef<HTMLDivElement>(null);
  const isOpen = desk?.isOpen.value ?? false;
  const isShared = desk?.display.value !== undefined;
  return (
    <div class="sharing-buttons" ref={section}>
      <p>
        <button
          type="button"
          class="ps-button sharing-share"
          disabled={!isOpen || isShared}
          onClick={() => void desk?.share()}
        >
          Share the screen
        </button>
        <button type="button" class="ps-button" disabled={!isShared} onClick={() => void desk?.stop()}>
          The page’s stop button
        </button>
        {(desk?.isDrawn ?? true) && (
          <button type="button" class="ps-button" disabled={!isShared} onClick={() => desk?.endByBrowser()}>
            The browser’s stop button (stand-in)
          </button>
        )}
        {canCrop && desk && !desk.isDrawn && (
          <button
            type="button"
            class="ps-button"
            disabled={!isShared}
            onClick={() => section.current && void desk.crop(section.current)}
          >
            Crop to this panel
          </button>
        )}
      </p>
      <p class="sharing-words" role="status">
        {desk?.words.value || (isOpen ? '' : 'Press Run: the call comes first.')}
      </p>
    </div>
  );
}

/** Chromium only. */
const canCrop = typeof window !== 'undefined' && 'CropTarget' in window;

function trackWords({ display, isDrawn }: Desk): string {
  const [track] = display.value?.getVideoTracks() ?? [];
  if (!track) return 'none';
  const { displaySurface, width, height, frameRate } = track.getSettings();
  const surface = displaySurface ?? (isDrawn ? 'none: it is drawn' : 'not a screen');
  const size = width && height ? `${width} × ${height}` : undefined;
  return [
    `displaySurface ${surface}`,
    size,
    frameRate ? `${Math.round(frameRate)} fps` : undefined,
    `contentHint ${track.contentHint === '' ? 'none' : track.contentHint}`,
    track.label && !isDrawn ? `“${track.label}”` : undefined,
  ]
    .filter(Boolean)
    .join(' · ');
}

function soundWords(display: MediaStream | undefined): string {
  if (!display) return 'none';
  const [sound] = display.getAudioTracks();
  return sound ? `“${sound.label}”; it is not sent here` : 'no track came';
}

/** Size, rate and limit of what alice's sender sends, from its latest sample. */
function sentWords(entries: readonly Entry[]): string {
  const last = entries.findLast((entry) => entry.kind === 'stats' && entry.peer === 'alice');
  const video =
    last?.kind === 'stats' ? last.sample.outbound.find(({ kind }) => kind === 'video') : undefined;
  if (!video?.frameWidth) return 'nothing yet';
  const { frameWidth, frameHeight, framesPerSecond, bitrateBps, qualityLimitationReason } = video;
  return [
    `${frameWidth} × ${frameHeight ?? '?'}`,
    framesPerSecond === undefined ? undefined : `${Math.round(framesPerSecond)} fps`,
    bitrateBps === undefined ? undefined : `${Math.round(bitrateBps / 1000)} kbit/s`,
    qualityLimitationReason && qualityLimitationReason !== 'none'
      ? `limited by ${qualityLimitationReason}`
      : undefined,
  ]
    .filter(Boolean)
    .join(' · ');
}

function describedWords(entries: readonly Entry[]): string {
  const count = entries.filter((entry) => entry.kind === 'description' && entry.side === 'local').length;
  if (count === 0) return 'none yet';
  return count <= 2 ? `${count}, those of the beginning` : `${count}: something was negotiated again`;
}

const LOOK_MS = 250;

/** Whose frames the picture at bob's end has, read from its pixels. */
function Seen({ bench }: { bench: Bench | null }) {
  const words = useSignal('nothing yet');
  useEffect(() => {
    words.value = 'nothing yet';
    if (!bench) return undefined;
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    bench.onShow(({ peer, side, stream }) => {
      if (peer === 'bob' && side === 'remote' && video.srcObject !== stream) video.srcObject = stream;
    });
    const look = () => {
      if (video.videoWidth === 0) return;
      const code = readFrameCode(video);
      const size = `${video.videoWidth} × ${video.videoHeight}`;
      words.value = code ? `${names[code.peer] ?? code.peer}, ${size}` : `a picture, ${size}`;
    };
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      video.srcObject = null;
    };
  }, [bench]);
  return <>{words.value}</>;
}

/** The names in the frame code, as people read them. */
const names: Readonly<Record<string, string>> = { alice: 'alice’s camera', desk: 'the drawn desktop' };
