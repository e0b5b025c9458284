import { useSignal } from '@preact/signals';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { Segments } from '../../lab-kit/panels/parts.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { layerIds, layersOf, type LayerId } from './layers.ts';
import './map.css';

const about: Readonly<
  Record<LayerId, { readonly name: string; readonly does: string; readonly spec: string }>
> = {
  session: {
    name: 'Session: SDP',
    does: 'what is exchanged, agreed by offer and answer',
    spec: 'RFC 8866, RFC 9429',
  },
  rtp: {
    name: 'RTP and RTCP',
    does: 'pictures and sound in packets, and reports on them',
    spec: 'RFC 3550, RFC 8834',
  },
  channel: { name: 'Data channel', does: 'messages of any kind', spec: 'RFC 8831, RFC 8832' },
  srtp: { name: 'SRTP', does: 'encrypts each RTP packet', spec: 'RFC 3711' },
  sctp: { name: 'SCTP', does: 'streams, order, retransmission', spec: 'RFC 9260' },
  dtls: {
    name: 'DTLS',
    does: 'checks the other side, makes the keys for SRTP, carries SCTP',
    spec: 'RFC 9147, RFC 8827',
  },
  ice: {
    name: 'ICE, with STUN and TURN',
    does: 'finds a path and keeps looking after it',
    spec: 'RFC 8445, RFC 8489, RFC 8656',
  },
  ip: { name: 'UDP, or TCP', does: 'carries the packets', spec: 'RFC 8835' },
};

/** The protocols of a connection, one on the other, each with what this very connection says of it. */
export function LayerMap({ view }: PanelProps) {
  const chosen = useSignal('');
  const { list } = view.entries.value;
  const hosted = view.hosted.value;
  const peer = hosted.find((one) => one === chosen.value) ?? hosted[0] ?? 'alice';
  const layers = layersOf(list.slice(0, endAt(list, view.focus.value)), peer);
  const lit = layerIds.filter((id) => layers[id].length > 0).length;
  return (
    <section class="layers" aria-label="Layers of the connection">
      {hosted.length > 1 && (
        <div class="ps-panel layers-whose">
          <Segments
            label="Whose connection"
            options={hosted.map((one) => [one, one])}
            value={peer}
            onChange={(one) => (chosen.value = one)}
          />
        </div>
      )}
      <p role="status">
        {lit === 0
          ? 'Nothing is known yet. Press Run.'
          : `${lit} of ${layerIds.length} layers tell something.`}
      </p>
      <ol class="layers-map">
        {layerIds.map((id) => (
          <li key={id} data-layer={id} data-lit={layers[id].length > 0 || undefined}>
            <h2>{about[id].name}</h2>
            <p>{about[id].does}</p>
            <p class="layers-spec">{about[id].spec}</p>
            {layers[id].length === 0 ? (
              <p class="layers-dark">{list.length > 0 ? 'not in use, or nothing told yet' : 'dark'}</p>
            ) : (
              <dl>
                {layers[id].map(({ term, value, from, lesson }) => (
                  <div key={term}>
                    <dt>
                      <a href={lesson} title={`From ${from}. The lesson on it`}>
                        {term}
                      </a>
                    </dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
