import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CountedPicture, WideTable, type Reading } from '../../lab-kit/panels/counted.tsx';
import { useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { playSegments } from '../../rtc/broadcast/segment-player.ts';
import { deskOf } from './desk.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';

const COUNT_MS = 1_000;

/** The same pictures in two ways, each with its clock. */
export function BroadcastPanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const options = bench ? deskOf(bench).segments.value : undefined;
  const live = useShown(bench).findLast(({ peer, side }) => peer === 'bob' && side === 'remote')?.stream;
  const overWebRtc = useSignal<Reading | null | undefined>(undefined);
  const overHttp = useSignal<Reading | null | undefined>(undefined);
  const pieces = useSignal(0);
  const problem = useSignal('');
  useEffect(() => {
    overWebRtc.value = undefined;
    overHttp.value = undefined;
    pieces.value = 0;
    problem.value = '';
  }, [bench]);
  const attach = options
    ? async (video: HTMLVideoElement, signal: AbortSignal) => {
        Object.assign(video, { muted: true, playsInline: true, autoplay: true });
        const player = await playSegments(video, { ...options, signal });
        const timer = setInterval(() => (pieces.value = player.pieces), COUNT_MS);
        signal.addEventListener('abort', () => clearInterval(timer), { once: true });
        await video.play();
      }
    : undefined;
  return (
    <section class="ps-panel ends broadcast" aria-label="The broadcast">
      <ul class="counted-pictures" aria-label="The same broadcast, twice">
        <li>
          <b>by WHEP, over WebRTC</b>
          <CountedPicture
            label="over WebRTC"
            bench={bench}
            stream={live}
            onReading={(reading) => (overWebRtc.value = reading)}
          />
        </li>
        <li>
          <b>in {options?.by ?? 'pieces'}, over HTTP</b>
          <CountedPicture
            key={options?.playlist ?? ''}
            label="over HTTP"
            bench={bench}
            stream={undefined}
            {...(attach && { attach })}
            onReading={(reading) => (overHttp.value = reading)}
            onProblem={(why) => (problem.value = why)}
          />
        </li>
      </ul>
      <p class="ends-verdict" role="status">
        {verdictOf(overWebRtc.value, overHttp.value)}
      </p>
      <p role="alert">{problem.value}</p>
      <WideTable label="The two ways">
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">Late by</th>
            <th scope="col">What carries it</th>
          </tr>
        </thead>
        <tbody>
          <tr data-way="webrtc">
            <th scope="row">WebRTC</th>
            <td data-is="late">{inMs(overWebRtc.value)}</td>
            <td>one connection, packets as they come</td>
          </tr>
          <tr data-way="http">
            <th scope="row">HTTP</th>
            <td data-is="late">{inMs(overHttp.value)}</td>
            <td data-is="pieces">
              {pieces.value} {options?.by ?? 'pieces'} fetched
            </td>
          </tr>
        </tbody>
      </WideTable>
      <p>In this browser: {features().join(' · ')}</p>
    </section>
  );
}

const inMs = (reading: Reading | null | undefined): string =>
  reading ? `${(Math.round(reading.ageMs / 10) * 10).toLocaleString('en')} ms` : '–';

function verdictOf(live: Reading | null | undefined, pieces: Reading | null | undefined): string {
  if (!live) return 'Start the broadcast: alice publishes, and both ways begin.';
  if (!pieces) return `Over WebRTC alice’s clock is ${inMs(live)} late. The first pieces have to be whole.`;
  return `Over WebRTC alice’s clock is ${inMs(live)} late, in pieces ${inMs(pieces)}.`;
}

/** Asked live. */
function features(): string[] {
  const has = (name: string) => name in globalThis;
  return [
    ['WebRTC', 'RTCPeerConnection'],
    ['Media Source Extensions', 'MediaSource'],
    ['WebTransport', 'WebTransport'],
    ['WebCodecs', 'VideoDecoder'],
  ].map(([words = '', name = '']) => `${words} ${has(name) ? '✓ yes' : '– no'}`);
}
