import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { number, ofType, text } from '../../rtc/stats/report.ts';
import { inBitrate } from '../panels/model/format.ts';
import type { MeetingSession, Person } from './session.ts';

interface Props {
  readonly session: MeetingSession;
  readonly person: Person;
  readonly track: MediaStreamTrack;
  /** How large the tile is on the screen. */
  readonly figure: { readonly current: HTMLElement | null };
}

/** What is known of a picture that is received. */
interface Incoming {
  readonly width: number;
  readonly height: number;
  readonly framesPerSec: number | undefined;
  readonly codec: string | undefined;
  readonly bps: number | undefined;
  /** Of the tile, in device pixels. */
  readonly tile: string;
}

/** What comes in on a tile, measured once a second; for as long as somebody looks. */
export function ComesIn({ session, person, track, figure }: Props) {
  const incoming = useSignal<Incoming | null>(null);
  useEffect(() => {
    let isLooking = true;
    let before: { readonly atMs: number; readonly bytes: number } | undefined;
    const look = async () => {
      const { servers } = session;
      const pcs = [person.link, ...servers.peek()].flatMap((link) => (link ? [link.pc] : []));
      const receiver = pcs.flatMap((pc) => pc.getReceivers()).find((one) => one.track === track);
      const report = await receiver?.getStats().catch(() => undefined);
      if (!isLooking || !report) return;
      const [stat] = ofType(report, 'inbound-rtp');
      const width = number(stat, 'frameWidth');
      const height = number(stat, 'frameHeight');
      const bytes = number(stat, 'bytesReceived');
      const atMs = stat?.timestamp ?? 0;
      const bps =
        before && bytes !== undefined && atMs > before.atMs
          ? (8000 * (bytes - before.bytes)) / (atMs - before.atMs)
          : undefined;
      if (bytes !== undefined) before = { atMs, bytes };
      if (width === undefined || height === undefined) return;
      const codec = report.get(text(stat, 'codecId') ?? '') as { mimeType?: string } | undefined;
      const { clientWidth = 0, clientHeight = 0 } = figure.current ?? {};
      const inDevice = (px: number) => Math.round(px * devicePixelRatio);
      incoming.value = {
        width,
        height,
        framesPerSec: number(stat, 'framesPerSecond'),
        codec: codec?.mimeType?.replace('video/', ''),
        bps,
        tile: `${inDevice(clientWidth)} × ${inDevice(clientHeight)}`,
      };
    };
    void look();
    const timer = setInterval(() => void look(), 1_000);
    return () => {
      isLooking = false;
      clearInterval(timer);
    };
  }, [track]);
  const { value } = incoming;
  const by = person.link ? 'straight from their page' : 'through the SFU';
  if (!value) return <p class="meet-popover-text">What comes in is being measured …</p>;
  const { width, height, framesPerSec, codec, bps, tile } = value;
  const rest = [
    framesPerSec !== undefined && `${Math.round(framesPerSec)} frames/s`,
    codec,
    bps !== undefined && inBitrate(bps),
  ].filter(Boolean);
  return (
    <p class="meet-popover-text meet-comes-in" data-comes-in={`${width}x${height}`}>
      <b>
        Comes in at {width} × {height}
      </b>
      {rest.map((one) => `, ${one}`)}, {by}. The tile has {tile} pixels of the screen.
    </p>
  );
}
