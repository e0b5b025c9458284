import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ErrorNote } from '../../lab-kit/error-note.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { toRtcError, type RtcError } from '../../rtc/errors.ts';
import { openCamera } from '../../rtc/media/camera.ts';
import { callOf, listed, lookFold, whyList, type Found as FoundByPeer, type Path } from './found.ts';
import './found.css';

type When = 'before' | 'after';
const whens: readonly When[] = ['before', 'after'];

/** The browser's list beside the server's answer, before and after the page may use the camera; and what came of it. */
export function Found({ view }: PanelProps) {
  const compute = useMemo(lookFold, []);
  const { list } = view.entries.value;
  const look = compute(list, endAt(list, view.focus.value));
  const [peer = 'alice'] = view.hosted.value;
  const found = look.peers.get(peer);
  const call = callOf(look);
  // Each run sees one of the two states: what the runs before have seen stays beside it.
  const kept = useRef(new Map<string, FoundByPeer>());
  const isNow = found?.isHidden === undefined ? undefined : found.isHidden ? 'before' : 'after';
  if (found && isNow) kept.current.set(`${look.path} ${isNow}`, found);
  return (
    <section class="found" aria-label="What STUN found">
      <div class="found-call" data-is={call.is} role="status">
        <h2>{call.title}</h2>
        <p>{call.text}</p>
      </div>
      <div class="found-states">
        {whens.map((when) => (
          <State
            key={when}
            when={when}
            path={look.path}
            peer={peer}
            view={view}
            found={kept.current.get(`${look.path} ${when}`)}
            isNow={when === isNow}
          />
        ))}
      </div>
      <Permission view={view} isGathered={found?.isGathered ?? false} isNow={isNow} />
      {look.path !== 'direct' && (
        <p class="found-note">
          The NAT is a small program inside this playground: it gives your packets another port on their way
          to our STUN server, and{' '}
          {look.path === 'nat'
            ? 'lets in whatever comes to that port. Only packets towards the mapped address pass it.'
            : 'drops whatever comes to that port from anywhere else than that server.'}{' '}
          Your system’s network is not touched.
        </p>
      )}
    </section>
  );
}

interface StateProps {
  readonly when: When;
  readonly path: Path;
  readonly peer: string;
  readonly view: LabView;
  readonly found: FoundByPeer | undefined;
  readonly isNow: boolean;
}

const whenWords: Readonly<Record<When, string>> = {
  before: 'Before you allow the camera',
  after: 'After you have allowed it',
};

function State({ when, path, peer, view, found, isNow }: StateProps) {
  return (
    <section class="found-state" data-now={isNow || undefined} data-when={when} aria-label={whenWords[when]}>
      <h3>
        {whenWords[when]}
        {isNow && <span class="found-tag">this run</span>}
      </h3>
      {found ? (
        <>
          <dl>
            <dt>
              <PeerName peers={view.peers.value} peer={peer} />
              ’s browser lists
            </dt>
            {(['host', 'srflx', 'relay'] as const).map((type) => (
              <Candidates key={type} type={type} list={listed(found, type)} />
            ))}
            <dt>The STUN server answered</dt>
            <dd class="found-answers">
              {found.answers.length > 0 ? (
                found.answers.map((answer) => <code key={answer}>{answer}</code>)
              ) : (
                <span class="found-none">nothing that was seen here</span>
              )}
            </dd>
          </dl>
          <p>{whyList(path, found)}</p>
        </>
      ) : (
        <p class="found-none">No run of this page has seen this yet, with this way to the STUN server.</p>
      )}
    </section>
  );
}

function Candidates({ type, list }: { type: 'host' | 'srflx' | 'relay'; list: readonly string[] }) {
  if (type === 'relay' && list.length === 0) return null;
  return (
    <dd data-type={type}>
      <b>{type}</b>
      {list.length > 0 ? (
        list.map((words) => <code key={words}>{words}</code>)
      ) : (
        <span class="found-none">none</span>
      )}
    </dd>
  );
}

interface PermissionProps {
  readonly view: LabView;
  readonly isGathered: boolean;
  readonly isNow: When | undefined;
}

/** Asks for the camera, and runs again with the permission. The camera is off again as soon as gathering is over. */
function Permission({ view, isGathered, isNow }: PermissionProps) {
  const problem = useSignal<RtcError | null>(null);
  const camera = useRef<AbortController | undefined>(undefined);
  const isOver = view.state.value === 'ended' || view.state.value === 'failed';
  useEffect(() => {
    if (isGathered || isOver) camera.current?.abort();
  }, [isGathered, isOver]);
  useEffect(() => () => camera.current?.abort(), []);
  const allow = async () => {
    problem.value = null;
    camera.current = new AbortController();
    try {
      // Kept until the run has gathered: Firefox shows addresses only while a page uses a device.
      await openCamera({ video: true }, { signal: camera.current.signal });
    } catch (error) {
      problem.value = toRtcError(error);
      return;
    }
    view.faults?.again();
  };
  return (
    <div class="found-permission">
      {isNow === 'after' ? (
        <p>
          This page may use the camera, or may have used it just now, so the browser shows its addresses. To
          see the state before: take the permission back in the site settings beside the address bar, reload,
          and run.
        </p>
      ) : (
        <button type="button" class="ps-button" onClick={() => void allow()}>
          Allow the camera and run again
        </button>
      )}
      {problem.value && <ErrorNote error={problem.value} onClose={() => (problem.value = null)} />}
    </div>
  );
}
