import { WithCode } from '../../lab-kit/exercise/with-code.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import { adapterDesk, type Found, type Row } from './desk.ts';
import type { Group } from './probes.ts';
import { differs, nameOf, sentences } from './summary.ts';
import type { Change } from './surface.ts';
import './adapter.css';

const groups: readonly { readonly group: Group; readonly title: string }[] = [
  { group: 'old', title: 'Old ways to write it' },
  { group: 'new', title: 'Ways of today, and where browsers differed' },
  { group: 'beyond', title: 'Out of any script’s reach' },
];

/** What the library has replaced, and each question with the two answers. */
export function AdapterPanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const found = bench ? adapterDesk(bench).told.value : null;
  return (
    <div class="ps-panel adapter">
      <div class="adapter-summary" role="status">
        {found ? (
          sentences(found).map((sentence) => <p key={sentence}>{sentence}</p>)
        ) : (
          <p>
            Press Run: two pages of this browser are opened, and webrtc-adapter is loaded into one of them.
          </p>
        )}
      </div>
      {found && <Changes found={found} />}
      {found &&
        groups.map(({ group, title }) => <Answers key={group} title={title} rows={rowsOf(found, group)} />)}
    </div>
  );
}

const rowsOf = ({ rows }: Found, group: Group) => rows.filter(({ probe }) => probe.group === group);

function Changes({ found: { changes } }: { found: Found }) {
  return (
    <section aria-label="What it has replaced">
      <h2>What it has replaced</h2>
      {changes.length === 0 ? (
        <p>Nothing.</p>
      ) : (
        <ul class="adapter-changes">
          {changes.map((change) => (
            <li key={nameOf(change)} data-how={change.how}>
              <code>
                {change.object}.<wbr />
                {change.property}
              </code>{' '}
              <span>{howWords[change.how]}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const howWords: Readonly<Record<Change['how'], string>> = {
  added: 'added: this browser has none',
  replaced: 'replaced',
  removed: 'removed',
};

function Answers({ title, rows }: { title: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Question</th>
            <th scope="col">Without</th>
            <th scope="col">With</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.probe.id} data-probe={row.probe.id} data-differs={differs(row)}>
              <th scope="row">
                <WithCode text={row.probe.title} />
                <small>
                  <WithCode text={row.probe.why} />
                </small>
              </th>
              <td data-label="Without">{row.without}</td>
              <td data-label="With">
                {row.with}
                <b>{differs(row) ? 'differs' : 'the same'}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
