import type { ComponentChildren } from 'preact';
import type { PanelProps } from '../../lab-kit/view.ts';
import { libraries, shelf, type Brought } from './unpack.ts';
import './what-they-bring.css';

const titles = { 'simple-peer': 'simple-peer', peerjs: 'PeerJS' } as const;

/** A column for each library, a row for each question. */
export function BroughtPanel({ view }: PanelProps) {
  const bench = view.bench.value;
  const told = bench ? shelf(bench).told.value : null;
  const found = libraries.map((library) => told?.find((brought) => brought.library === library));
  const cells = (words: (brought: Brought) => ComponentChildren) =>
    libraries.map((library, at) => {
      const brought = found[at];
      return <td key={library}>{brought ? words(brought) : '–'}</td>;
    });
  return (
    <div class="ps-panel brings">
      <p role="status">
        {found.every(Boolean)
          ? 'Both are loaded. None of these servers was asked for anything.'
          : 'Press Run: each library is loaded into a page of its own.'}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            {libraries.map((library) => (
              <th key={library} scope="col">
                {titles[library]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr data-row="size">
            <th scope="row">Script, unpacked</th>
            {cells(({ sizeBytes }) => `${Math.round(sizeBytes / 1000)} kB`)}
          </tr>
          <tr>
            <th scope="row">Until it was there</th>
            {cells(({ loadedMs }) => `${Math.round(loadedMs)} ms`)}
          </tr>
          <tr data-row="servers">
            <th scope="row">Servers in its defaults</th>
            {cells(({ servers }) => (
              <List items={servers} />
            ))}
          </tr>
          <tr data-row="changed">
            <th scope="row">Changed in the page</th>
            {cells(({ changed }) =>
              changed.length === 0 ? (
                'nothing'
              ) : (
                <details>
                  <summary>
                    {changed.length} {changed.length === 1 ? 'thing' : 'things'}
                  </summary>
                  <List items={changed} />
                </details>
              ),
            )}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>
          <code>{item}</code>
        </li>
      ))}
    </ul>
  );
}
