import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LinkKey } from '../../../rtc/meeting/meter.ts';
import { Segments } from '../../panels/parts.tsx';
import '../../app.css';
import '../../panels/panel.css';
import './drawer.css';
import { Connections } from './connections.tsx';
import { CostMeter } from './cost-meter.tsx';
import { ForwardTable } from './forward-table.tsx';
import { useMeasured, type Inspected } from './measured.ts';
import { Topology } from './topology.tsx';

interface Props {
  readonly session: Inspected;
  readonly onClose: () => void;
  /** Whose connection is shown first; that of whoever came first when left out. */
  readonly peer?: LinkKey;
}

const views = [
  ['connections', 'Connections'],
  ['topology', 'Topology'],
  ['cost', 'Cost'],
  ['forwarding', 'Forwarding'],
] as const;
type View = (typeof views)[number][0];

/** Kept from one opening to the next. */
const widthPx = signal(560);
const shown = signal<View>('connections');
const tab = signal('ladder');

const NARROW = '(max-width: 48rem)';
const [LEAST_PX, STEP_PX] = [340, 24];

/**
 * Everything that can be known of the connections of a meeting, beside it; on a phone above it. Nothing is computed
 * but while it is there.
 */
export function Drawer({ session, onClose, peer }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const measured = useMeasured(session);
  const chosen = useSignal<LinkKey | null>(peer ?? null);
  useEffect(() => {
    if (peer) chosen.value = peer;
  }, [peer]);
  useShown(dialog);
  // What is told stands beside the drawer, not over it.
  useEffect(() => {
    dialog.current?.closest<HTMLElement>('.meet')?.style.setProperty('--drawer', `${widthPx.value}px`);
  }, [widthPx.value]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="meet-drawer lab"
      aria-label="Inspect this meeting"
      style={{ '--drawer': `${widthPx.value}px` }}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <Handle />
      <div class="meet-drawer-head">
        <h2>Inspect</h2>
        <Segments
          label="What is shown"
          options={views}
          value={shown.value}
          onChange={(next) => (shown.value = next)}
        />
        <button type="button" class="meet-drawer-close" aria-label="Close the drawer" onClick={onClose}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3.5 3.5l9 9m0-9l-9 9" />
          </svg>
        </button>
      </div>
      <div class="meet-drawer-body" data-view={shown.value}>
        {shown.value === 'connections' && (
          <Connections session={session} measured={measured} chosen={chosen} tab={tab} />
        )}
        {shown.value === 'topology' && <Topology session={session} measured={measured} />}
        {shown.value === 'forwarding' && <ForwardTable session={session} />}
        {shown.value === 'cost' && <CostMeter session={session} measured={measured} />}
      </div>
    </dialog>
  );
}

/** Opens the dialog: beside the page, or on a narrow screen before it. The focus goes back when it closes. */
function useShown(dialog: { readonly current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    const narrow = matchMedia(NARROW);
    const show = () => {
      element?.close();
      if (narrow.matches) element?.showModal();
      else element?.show();
    };
    show();
    element?.querySelector<HTMLElement>('.meet-drawer-head input:checked')?.focus();
    narrow.addEventListener('change', show);
    return () => {
      narrow.removeEventListener('change', show);
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}

/** Makes the drawer wider or narrower, by pointer or by the arrow keys. */
function Handle() {
  const most = () => Math.max(LEAST_PX, innerWidth - 320);
  const set = (px: number) => (widthPx.value = Math.round(Math.min(most(), Math.max(LEAST_PX, px))));
  return (
    <div
      class="meet-drawer-handle"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the drawer"
      aria-valuenow={widthPx.value}
      aria-valuemin={LEAST_PX}
      aria-valuemax={most()}
      tabIndex={0}
      onKeyDown={(event) => {
        const step = { ArrowLeft: STEP_PX, ArrowRight: -STEP_PX }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        set(widthPx.value + step);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const { right } = event.currentTarget.parentElement!.getBoundingClientRect();
        set(right - event.clientX);
      }}
    />
  );
}
