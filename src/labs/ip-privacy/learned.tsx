import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { learnedBy, type Learned as Fact } from './learned.ts';
import './learned.css';

const names: Readonly<Record<Fact['what'], string>> = {
  public: 'Public address',
  private: 'Address in her network',
  'this-computer': 'Loopback address',
  behind: 'Address behind another',
  hidden: 'A name for an address',
  relay: 'A relay’s address',
  network: 'Kind of network',
  browser: 'Browser',
  codecs: 'Codecs',
  certificate: 'Certificate',
};
const tells: readonly Fact['what'][] = ['public', 'private', 'behind'];

/** What the other side now knows about this one, read from nothing but the messages that it received. */
export function Learned({ view }: PanelProps) {
  const { list } = view.entries.value;
  const peers = view.peers.value;
  const [teller = 'alice', reader = 'bob'] = view.hosted.value.includes('bob')
    ? ['alice', 'bob']
    : ['bob', 'alice'];
  const facts = learnedBy(list.slice(0, endAt(list, view.focus.value)), reader);
  return (
    <section class="ps-panel learned" aria-label={`What ${reader} learned`}>
      <h2>
        What <PeerName peers={peers} peer={reader} /> knows about <PeerName peers={peers} peer={teller} />
      </h2>
      <p class="learned-sum" aria-live="polite">
        {summary(facts, teller)}
      </p>
      <dl>
        {facts.map(({ what, value, meaning }) => (
          <div key={`${what} ${value}`} data-tells={tells.includes(what) || undefined}>
            <dt>{names[what]}</dt>
            <dd>
              <code>{value}</code>
              <span>{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p class="learned-note">
        And whatever a page is told, the packets of a direct call carry the address that they come from, as
        all packets do: {reader}’s computer sees it, {reader}’s page does not.
      </p>
    </section>
  );
}

function summary(facts: readonly Fact[], teller: string): string {
  if (facts.length === 0) return 'Nothing yet. Press Run.';
  const addresses = facts.filter(({ what }) => tells.includes(what)).length;
  if (addresses > 0)
    return `${addresses === 1 ? 'One real address' : `${addresses} real addresses`} of ${teller}’s went across.`;
  if (facts.some(({ what }) => what === 'relay'))
    return `Addresses of a relay only, and names that hide ${teller}’s own.`;
  return `No address of ${teller}’s yet.`;
}
