import { useSignal } from '@preact/signals';
import type { CallObservation, Observations, UrlObservation } from '../../rtc/check/observations.ts';
import { megabits, reportOf, reportText } from '../../rtc/check/report.ts';
import { verdictOf, type Said } from '../../rtc/check/verdict.ts';
import { download } from '../download.ts';
import { CopyButton } from '../panels/parts.tsx';
import { RunFile } from '../run-file.tsx';
import type { CheckSession } from './session.ts';
import { StandingMark, standingWords, Sentence } from './standing.tsx';

interface Props {
  readonly session: CheckSession;
  readonly observations: Observations;
}

/** The verdict on top, then each URL, then what is true of all of it, then what to write and what to keep. */
export function Results({ session, observations }: Props) {
  const verdict = verdictOf(observations);
  const { standing, title, text, remarks, configuration } = verdict;
  return (
    <div class="check-results">
      <section class="check-verdict" data-standing={standing} aria-labelledby="check-title">
        <h2 id="check-title">
          <StandingMark standing={standing} />
          <span>{title}</span>
        </h2>
        <p>{text}</p>
      </section>
      <UrlTable observations={observations} said={verdict.urls} />
      {remarks.length > 0 && (
        <section aria-labelledby="check-remarks">
          <h3 id="check-remarks">For all of it</h3>
          <ul class="check-remarks">
            {remarks.map((remark) => (
              <li key={remark.rule}>
                <StandingMark standing={remark.standing} />
                <Sentence said={remark} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {configuration !== null && (
        <section aria-labelledby="check-configuration">
          <h3 id="check-configuration">What to write in your program</h3>
          <div class="check-configuration">
            <pre>
              <code>{configuration}</code>
            </pre>
            <CopyButton label="Copy" text={() => configuration} />
          </div>
        </section>
      )}
      <Keep session={session} observations={observations} />
    </div>
  );
}

function UrlTable({ observations, said }: { observations: Observations; said: readonly Said[] }) {
  const { urls, direct } = observations;
  return (
    <table class="check-table">
      <caption>Each URL alone</caption>
      <thead>
        <tr>
          <th scope="col">URL</th>
          <th scope="col">Verdict</th>
          <th scope="col">It gave</th>
          <th scope="col">Round trip</th>
          <th scope="col">Lost</th>
          <th scope="col">Throughput</th>
        </tr>
      </thead>
      {urls.map((url, index) => (
        <tbody key={`${url.url} ${index}`} data-rule={said[index]?.rule}>
          <tr>
            <th scope="row">
              <code>{url.url}</code>
            </th>
            <td data-label="Verdict">
              {said[index] && (
                <span class="check-standing" data-standing={said[index].standing}>
                  <StandingMark standing={said[index].standing} /> {standingWords[said[index].standing]}
                </span>
              )}
            </td>
            <td data-label="It gave">{gave(url)}</td>
            <Numbers call={url.call?.outcome === 'bytes' ? url.call : url.oneSided} />
          </tr>
          <tr class="check-words">
            <td colSpan={6}>{said[index] && <Sentence said={said[index]} />}</td>
          </tr>
        </tbody>
      ))}
      <tbody>
        <tr>
          <th scope="row">without a server</th>
          <td data-label="Verdict" class="check-muted">
            to compare
          </td>
          <td data-label="It gave" class="check-muted">
            {hostsInWords(observations)}
          </td>
          <Numbers call={direct} />
        </tr>
      </tbody>
    </table>
  );
}

function Numbers({ call }: { call: CallObservation | null }) {
  const { rttMs = null, numbered = null, throughput = null } = call ?? {};
  return (
    <>
      <td data-label="Round trip" data-none={rttMs === null || undefined}>
        {rttMs ? `${rttMs.median.toFixed(rttMs.median < 10 ? 1 : 0)} ms` : <NotMeasured />}
      </td>
      <td data-label="Lost" data-none={numbered === null || undefined}>
        {numbered ? `${numbered.sent - numbered.received} of ${numbered.sent}` : <NotMeasured />}
      </td>
      <td data-label="Throughput" data-none={throughput === null || undefined}>
        {throughput ? `${megabits(throughput.bitsPerSecond)} Mbit/s` : <NotMeasured />}
      </td>
    </>
  );
}

const NotMeasured = () => (
  <span class="check-muted" aria-label="not measured">
    –
  </span>
);

/** What gathering with a URL brought, for the table: an address, an error's code, or how long nothing came. */
function gave({ gathering }: UrlObservation) {
  const { candidates, errors, ended, tookMs } = gathering;
  const [first] = candidates;
  if (first)
    return (
      <span>
        <b class="check-type" data-type={first.type}>
          {first.type}
        </b>{' '}
        after {first.atMs} ms
      </span>
    );
  const codes = [...new Set(errors.map(({ code }) => code))];
  if (codes.length > 0) return `error ${codes.join(', ')} after ${errors[0]?.atMs} ms`;
  if (ended === 'refused') return 'nobody was asked';
  return `nothing in ${(tookMs / 1000).toFixed(1)} s`;
}

function hostsInWords({ hosts }: Observations): string {
  if (hosts.count === 0) return 'no host candidate';
  const count = hosts.count === 1 ? '1 host candidate' : `${hosts.count} host candidates`;
  return hosts.hidden === hosts.count ? `${count}, hidden by mDNS` : count;
}

/** What a person takes away: the report, with or without addresses, and the run itself. */
function Keep({ session, observations }: Props) {
  const hidesAddresses = useSignal(false);
  const report = () =>
    reportOf(observations, {
      hidesAddresses: hidesAddresses.value,
      madeAt: new Date(),
      userAgent: navigator.userAgent,
    });
  const save = () => {
    const text = `${JSON.stringify(report(), null, 1)}\n`;
    download(new File([text], `check-${stamp(new Date())}.json`, { type: 'application/json' }));
  };
  return (
    <section class="check-keep" aria-labelledby="check-keep">
      <h3 id="check-keep">Pass it on</h3>
      <p class="check-hint">
        A report holds the verdict and what was measured. User name and credential are in none of these.
      </p>
      <div class="check-actions">
        <CopyButton label="Copy report" text={() => reportText(report())} />
        <button type="button" class="ps-button" onClick={save}>
          Save report
        </button>
        <label>
          <input
            type="checkbox"
            checked={hidesAddresses.value}
            onChange={(event) => (hidesAddresses.value = event.currentTarget.checked)}
          />{' '}
          Without addresses and host names
        </label>
      </div>
      <p class="check-hint">
        Every call of this check was recorded: look at its candidates, pairs and states in the replay.
      </p>
      <RunFile view={session} />
    </section>
  );
}

const stamp = (now: Date): string => now.toISOString().slice(0, 16).replace(/[:T]/g, '-');
