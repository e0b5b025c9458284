import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { candidatePriorityParts } from '../../rtc/ice/candidate.ts';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { sourcesOf, type Found, type Origin, type Source } from './sources.ts';
import './sources.css';

const titles: Readonly<
  Record<Origin, { readonly name: string; readonly type: string; readonly way: string }>
> = {
  own: {
    name: 'Her own interfaces',
    type: 'host',
    way: 'No server needed: the operating system knows them.',
  },
  stun: {
    name: 'A STUN server',
    type: 'srflx',
    way: 'Tells from where her packet came: the outside of her NAT.',
  },
  turn: {
    name: 'A TURN server',
    type: 'relay',
    way: 'Lends an address of its own and passes on what comes there.',
  },
};

/** alice's candidates by who told her of them; below, all of them in the order of their priority. */
export function Sources({ view }: PanelProps) {
  const { list } = view.entries.value;
  const peer = view.hosted.value[0] ?? 'alice';
  const sources = sourcesOf(list.slice(0, endAt(list, view.focus.value)), peer);
  const all = sources.flatMap(({ found }) => found);
  const ranked = all.toSorted((a, b) => b.candidate.priority - a.candidate.priority);
  return (
    <div class="ps-panel sources">
      <ol class="sources-origins">
        {sources.map((source) => (
          <OriginCard key={source.origin} {...{ view, peer, source }} />
        ))}
      </ol>
      <section aria-label="By priority">
        <h2>In the order of their priority</h2>
        {ranked.length === 0 ? (
          <p class="sources-none">Press Run: each candidate takes its place here when it is found.</p>
        ) : (
          <ol class="sources-ranked">
            {ranked.map((found) => (
              <Rank key={found.seq} found={found} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function OriginCard({ view, peer, source }: { view: LabView; peer: string; source: Source }) {
  const { origin, found, remark } = source;
  const { name, type, way } = titles[origin];
  return (
    <li class="ps-card">
      <h2>
        {name} <b data-type={type}>{type}</b>
      </h2>
      <p class="sources-way">{way}</p>
      <ul aria-live="polite">
        {found.map(({ seq, text, candidate, mid, afterMs }) => (
          <li key={seq}>
            <button
              type="button"
              onClick={() => (view.target.value = { panel: 'candidates', peer, candidate: text })}
            >
              <code>
                {shortened(candidate.address)}
                {candidate.tcpType === 'active' ? '' : `:${candidate.port}`}
              </code>
              <span>
                {candidate.protocol}
                {candidate.tcpType && ` ${candidate.tcpType}`}
                {mid !== null && `, m-section ${mid}`}, after {Math.round(afterMs)} ms
              </span>
            </button>
          </li>
        ))}
      </ul>
      {remark && <p class="sources-remark">{remark}</p>}
    </li>
  );
}

/** A candidate as one row of three bars: the parts that its priority was made of. */
function Rank({ found: { candidate } }: { found: Found }) {
  const { typePreference, localPreference } = candidatePriorityParts(candidate.priority);
  return (
    <li>
      <b data-type={candidate.type}>{candidate.type}</b>
      <span class="sources-bar" style={{ '--share': `${(candidate.priority / 2 ** 31) * 100}%` }} />
      <span class="sources-number">
        {candidate.priority.toLocaleString('en').replaceAll(',', '\u202f')}{' '}
        <small>
          type {typePreference}, local {localPreference.toLocaleString('en').replaceAll(',', '\u202f')}
        </small>
      </span>
    </li>
  );
}

/** An mDNS name has 42 characters, of which nobody reads more than a few. */
function shortened(address: string): string {
  return address.endsWith('.local') && address.length > 20 ? `${address.slice(0, 8)}….local` : address;
}
