import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import { LivePicture, useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { arrivingFold, carries, type Arriving } from './arriving.ts';
import { actNames, deskOf, words } from './desk.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';
import './in-call.css';

/** alice's buttons, what bob sees, and what the buttons cost: offers, frames, packets. */
export function InCall({ view }: PanelProps) {
  const compute = useMemo(() => arrivingFold('bob'), []);
  const { list } = view.entries.value;
  const arriving = compute(list, endAt(list, view.focus.value));
  const bench = view.bench.value;
  const remotes = useShown(bench).filter(({ peer, side }) => peer === 'bob' && side === 'remote');
  const peers = view.peers.value;
  return (
    <section class="ps-panel ends in-call" aria-label="In the call">
      <h2>
        <PeerName peers={peers} peer="alice" /> does
      </h2>
      <Buttons bench={bench} />
      <p class="ends-verdict" role="status">
        {verdict(arriving)}
      </p>
      <h2>
        <PeerName peers={peers} peer="bob" /> sees
      </h2>
      <div class="in-call-pictures">
        <figure>
          <LivePicture label="alice’s camera, as bob sees it" bench={bench} stream={remotes[0]?.stream} />
          <figcaption>the camera</figcaption>
        </figure>
        <figure>
          <LivePicture
            label="alice’s screen, as bob sees it"
            bench={bench}
            stream={remotes.length > 1 ? remotes.at(-1)?.stream : undefined}
          />
          <figcaption>the screen</figcaption>
        </figure>
      </div>
      <Sections arriving={arriving} />
    </section>
  );
}

function Buttons({ bench }: { bench: Bench | null }) {
  const desk = bench && deskOf(bench);
  const canPress = desk?.isOpen.value === true && !desk.isBusy.value;
  const pressed = desk?.pressed.value ?? new Set();
  return (
    <div class="ends-means" role="group" aria-label="alice’s buttons">
      {actNames.map((name) => (
        <button
          key={name}
          type="button"
          class="lab-button"
          data-act={name}
          disabled={!canPress || (name === 'black' && pressed.has('off'))}
          onClick={() => void desk?.press(name)}
        >
          {words[name][pressed.has(name) ? 1 : 0]}
        </button>
      ))}
      <p role="alert">{desk?.problem.value ?? ''}</p>
    </div>
  );
}

function verdict({ offers, offersSince, button }: Arriving): string {
  if (offers === 0) return 'Start the call, then press the buttons and count the offers.';
  const all = `${offers} ${offers === 1 ? 'offer' : 'offers'} since the call began.`;
  if (button === undefined) return `${all} No button was pressed yet.`;
  return offersSince === 0
    ? `“${button}” needed no offer. ${all}`
    : `“${button}” had to be negotiated. ${all}`;
}

/** What arrives on each m-line. */
function Sections({ arriving: { sections } }: { arriving: Arriving }) {
  if (sections.length === 0) return <p>Nothing has arrived yet.</p>;
  return (
    <table class="in-call-sections">
      <thead>
        <tr>
          <th scope="col">m-line</th>
          <th scope="col">arrives at bob</th>
        </tr>
      </thead>
      <tbody>
        {sections.map((section) => (
          <tr key={section.mid} data-mid={section.mid}>
            <th scope="row">
              {section.kind}, mid {section.mid}
            </th>
            <td>{carries(section)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
