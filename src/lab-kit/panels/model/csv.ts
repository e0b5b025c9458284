import type { CandidatePairSample, InboundSample, OutboundSample } from '../../../rtc/stats/sample.ts';
import type { Entry, EntryOf } from '../../../rtc/timeline.ts';

type Cell = string | number | undefined;
interface Line {
  readonly entry: EntryOf<'stats'>;
  readonly way: 'sends' | 'receives';
  readonly stream: Partial<OutboundSample & InboundSample> & Pick<InboundSample, 'ssrc' | 'kind'>;
  readonly pair: Partial<CandidatePairSample>;
}

/** Column → what stands in it. The names carry the units, so that the file can be read without this page. */
const columns: Readonly<Record<string, (line: Line) => Cell>> = {
  time_s: ({ entry }) => (entry.atMs / 1000).toFixed(3),
  peer: ({ entry }) => entry.peer,
  direction: ({ way }) => way,
  kind: ({ stream }) => stream.kind,
  mid: ({ stream }) => stream.mid,
  rid: ({ stream }) => stream.rid,
  ssrc: ({ stream }) => stream.ssrc,
  codec: ({ stream }) => stream.codec,
  bitrate_bps: ({ stream }) => stream.bitrateBps,
  target_bitrate_bps: ({ stream }) => stream.targetBitrateBps,
  bytes: ({ stream }) => stream.bytesSent ?? stream.bytesReceived,
  packets: ({ stream }) => stream.packetsSent ?? stream.packetsReceived,
  packets_per_s: ({ stream }) => stream.packetsPerSecond,
  packets_lost: ({ stream }) => stream.packetsLost,
  loss_fraction: ({ stream }) => stream.lossFraction,
  rtt_ms: ({ stream }) => stream.rttMs,
  jitter_ms: ({ stream }) => stream.jitterMs,
  jitter_buffer_delay_ms: ({ stream }) => stream.jitterBufferDelayMs,
  frames_per_s: ({ stream }) => stream.framesPerSecond,
  frame_width_px: ({ stream }) => stream.frameWidth,
  frame_height_px: ({ stream }) => stream.frameHeight,
  frames_dropped: ({ stream }) => stream.framesDropped,
  quality_limitation_reason: ({ stream }) => stream.qualityLimitationReason,
  freezes: ({ stream }) => stream.freezeCount,
  concealed_fraction: ({ stream }) => stream.concealedFraction,
  nacks: ({ stream }) => stream.nackCount,
  plis: ({ stream }) => stream.pliCount,
  path_rtt_ms: ({ pair }) => pair.currentRoundTripTimeMs,
  path_available_outgoing_bitrate_bps: ({ pair }) => pair.availableOutgoingBitrateBps,
};

/**
 * All samples of a run as comma-separated values: a row for each sample and stream, an empty cell where the browser
 * does not say.
 *
 * @see RFC 4180
 */
export function toCsv(entries: readonly Entry[]): string {
  const rows: Cell[][] = [Object.keys(columns)];
  const read = Object.values(columns);
  for (const entry of entries) {
    if (entry.kind !== 'stats') continue;
    const { outbound, inbound, candidatePair: pair = {} } = entry.sample;
    for (const stream of outbound) rows.push(read.map((cell) => cell({ entry, way: 'sends', stream, pair })));
    for (const stream of inbound)
      rows.push(read.map((cell) => cell({ entry, way: 'receives', stream, pair })));
  }
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  // The other side chooses some of these words; a spreadsheet would execute one that looks like a formula.
  const text = cell !== undefined && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : (cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
