import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { toRtcError } from '../../rtc/errors.ts';
import { capabilitiesOf, extensionsOf, momentsOf, receivedCodec, type Moment } from './sending.ts';
import '../../lab-kit/ends.css';
import './sending.css';

/** What can be asked of a running sender. `codec` is a MIME type, or `` for what was negotiated. */
interface Wish {
  readonly codec: string;
  readonly maxBitrate: string;
  readonly scaleResolutionDownBy: string;
  readonly active: string;
}

const SHOWN = 20;

/** What alice's sender does now, what it can be told while it runs, and what this browser could do. */
export function Sending({ view }: PanelProps) {
  const { list } = view.entries.value;
  const seen = useMemo(
    () => list.slice(0, endAt(list, view.focus.value)),
    [list, list.length, view.focus.value],
  );
  const [sender = 'alice', receiver = 'bob'] = view.peers.value;
  const moments = useMemo(() => momentsOf(seen, sender).slice(-SHOWN), [seen, sender]);
  const extensions = useMemo(() => extensionsOf(seen), [seen]);
  const now = moments.at(-1);
  const decoded = receivedCodec(seen, receiver);
  const wish = useSignal<Wish>({ codec: '', maxBitrate: '', scaleResolutionDownBy: '1', active: 'true' });
  return (
    <section class="ends sending" aria-label="What is sent">
      <div class="ends-two">
        <section class="ends-one">
          <h2>
            <PeerName peers={view.peers.value} peer={sender} /> sends
          </h2>
          <dl aria-live="polite">
            <dt>Codec</dt>
            <dd data-field="codec">{now?.codec ?? '–'}</dd>
            <dt>
              Decoded by <PeerName peers={view.peers.value} peer={receiver} />
            </dt>
            <dd data-field="decoded">{decoded ?? '–'}</dd>
            <dt>Bitrate</dt>
            <dd data-field="bitrate">{now ? `${Math.round(now.bitrateBps / 1000)} kbit/s` : '–'}</dd>
            <dt>Width</dt>
            <dd data-field="width">{now?.frameWidth === undefined ? '–' : `${now.frameWidth} pixels`}</dd>
          </dl>
          <History moments={moments} limitBps={Number(wish.value.maxBitrate)} />
        </section>
        <Parameters view={view} sender={sender} wish={wish} />
      </div>
      <Extensions extensions={extensions} />
      <Capabilities />
    </section>
  );
}

/** The bitrate of the last samples, and the limit. */
function History({ moments, limitBps }: { moments: readonly Moment[]; limitBps: number }) {
  const highest = Math.max(100_000, limitBps, ...moments.map(({ bitrateBps }) => bitrateBps));
  const last = moments.at(-1)?.bitrateBps ?? 0;
  return (
    <div
      class="sending-history"
      role="img"
      aria-label={`Bitrate over the last ${moments.length} seconds, now ${Math.round(last / 1000)} kbit/s`}
    >
      {moments.map(({ atMs, bitrateBps }) => (
        <i key={atMs} style={{ '--share': `${(bitrateBps / highest) * 100}%` }} />
      ))}
      {limitBps > 0 && <b style={{ '--share': `${(limitBps / highest) * 100}%` }} />}
    </div>
  );
}

interface ParametersProps {
  readonly view: LabView;
  readonly sender: string;
  readonly wish: { value: Wish };
}

/** `setParameters()` while the call goes on: no offer is due. */
function Parameters({ view, sender, wish }: ParametersProps) {
  const problem = useSignal('');
  const bench = view.bench.value;
  const isHere = view.hosted.value.includes(sender);
  const isRunning = view.state.value === 'running' && isHere;
  const video = () =>
    bench?.connections
      .get(sender)
      ?.getSenders()
      .find(({ track }) => track?.kind === 'video');
  const choose = async (next: Wish) => {
    wish.value = next;
    problem.value = '';
    const target = video();
    if (!target) return;
    const parameters = target.getParameters();
    const [encoding] = parameters.encodings as (RTCRtpEncodingParameters & { codec?: RTCRtpCodec })[];
    if (!encoding) return;
    const codec = codecs().find(({ mimeType }) => mimeType === next.codec);
    encoding.active = next.active === 'true';
    encoding.scaleResolutionDownBy = Number(next.scaleResolutionDownBy);
    if (next.maxBitrate === '') delete encoding.maxBitrate;
    else encoding.maxBitrate = Number(next.maxBitrate);
    if (codec) encoding.codec = codec;
    else delete encoding.codec;
    try {
      await target.setParameters(parameters);
    } catch (error) {
      problem.value = toRtcError(error).message;
    }
  };
  const select = (name: keyof Wish, label: string, choices: Readonly<Record<string, string>>) => (
    <label class="sending-choice">
      <span>{label}</span>
      <select
        disabled={!isRunning}
        value={wish.value[name]}
        onChange={({ currentTarget: { value } }) => void choose({ ...wish.value, [name]: value })}
      >
        {Object.entries(choices).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  const names = [...new Set(codecs().map(({ mimeType }) => mimeType))];
  return (
    <section class="ends-one">
      <h2>setParameters(), in the call</h2>
      {select('maxBitrate', 'maxBitrate', {
        '': 'no limit',
        50000: '50 kbit/s',
        100000: '100 kbit/s',
        250000: '250 kbit/s',
        500000: '500 kbit/s',
      })}
      {select('scaleResolutionDownBy', 'scaleResolutionDownBy', { 1: '1', 2: '2', 4: '4' })}
      {select('active', 'active', { true: 'true', false: 'false' })}
      {select('codec', 'codec', {
        '': 'as negotiated',
        ...Object.fromEntries(names.map((name) => [name, name.replace(/^video\//, '')])),
      })}
      <p class="sending-problem" role="alert">
        {problem.value}
      </p>
    </section>
  );
}

/** What this browser can send, without what only helps; empty where there is no browser. */
function codecs(): RTCRtpCodec[] {
  if (typeof RTCRtpSender === 'undefined') return [];
  const all = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const names = capabilitiesOf(all, []).map(({ name }) => `video/${name}`);
  return all.filter(({ mimeType }) => names.includes(mimeType));
}

function Extensions({ extensions }: { extensions: readonly string[] | undefined }) {
  const hasControl =
    typeof RTCRtpTransceiver === 'undefined' ||
    'setHeaderExtensionsToNegotiate' in RTCRtpTransceiver.prototype;
  return (
    <section class="ends-one" aria-label="Header extensions">
      <h2>Header extensions in force: {extensions?.length ?? '–'}</h2>
      <p>{extensions?.join(', ') ?? 'Start the call: the answer says which.'}</p>
      {!hasControl && (
        <p class="sending-lacks">
          This browser has no control over header extensions: what it offers is what it offers.
        </p>
      )}
    </section>
  );
}

/** Both lists of `getCapabilities()`, of this browser. */
function Capabilities() {
  const list = useMemo(() => {
    if (typeof RTCRtpSender === 'undefined') return [];
    return capabilitiesOf(
      RTCRtpSender.getCapabilities('video')?.codecs ?? [],
      RTCRtpReceiver.getCapabilities('video')?.codecs ?? [],
    );
  }, []);
  return (
    <section class="ends-one" aria-label="getCapabilities">
      <h2>getCapabilities('video'), in this browser</h2>
      <ul class="sending-capabilities">
        {list.map(({ name, sends, receives, variants }) => (
          <li key={name}>
            <b>{name}</b>{' '}
            {sends && receives ? 'sends and receives' : receives ? 'only receives' : 'only sends'}
            {variants > 1 && `, ${variants} variants`}
          </li>
        ))}
      </ul>
    </section>
  );
}
