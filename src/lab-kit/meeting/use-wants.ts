import { useEffect, useRef } from 'preact/hooks';
import { fitGrid, type Size } from '../../rtc/meeting/media/grid.ts';
import type { MeetingSession } from './session.ts';
import type { TileKey, TileSpec } from './tiles.ts';
import { wantsOf, type ShownTile } from './wants.ts';

/** What moves for a moment, a window or a drawer that is drawn wider, is not asked for at each of its sizes. */
const SETTLED_MS = 150;
/** The picture that a recording is made of, at most. */
const RECORDED: Size = { width: 1280, height: 720 };

/**
 * Tells the engine what is shown, and how large: after each change of the layout, of the window, of what is before the
 * page, or of how the media travel.
 */
export function useWants(
  session: MeetingSession,
  shown: readonly ShownTile[],
  all: readonly TileSpec[],
): void {
  const latest = useRef(() => {});
  const timer = useRef<ReturnType<typeof setTimeout>>();
  latest.current = () => {
    const { view, recording, meeting } = session;
    const full = tileOf(document.fullscreenElement);
    const window = tileOf(document.pictureInPictureElement);
    meeting.peek()?.engine.want(
      wantsOf(full ? onlyFull(shown, full.key) : shown, {
        pixelRatio: devicePixelRatio,
        pinned: view.pinned.peek(),
        isHidden: document.hidden,
        inWindow: window,
        recorded: recording.peek() ? fitGrid(Math.max(1, all.length), RECORDED).tile : null,
        all,
      }),
    );
  };
  const due = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(), SETTLED_MS);
  };
  // Whatever is drawn anew may be another size; that of the same tiles is the same text.
  const sizes = shown.map(({ tile, size }) => `${tile.key} ${size.width}×${size.height}`).join();
  const { meeting, topology, recording, view } = session;
  useEffect(due, [sizes, all.length, meeting.value, topology.value, recording.value, view.pinned.value]);
  useEffect(() => {
    const end = new AbortController();
    const { signal } = end;
    document.addEventListener('visibilitychange', due, { signal });
    document.addEventListener('fullscreenchange', due, { signal });
    addEventListener('resize', due, { signal });
    for (const event of ['enterpictureinpicture', 'leavepictureinpicture'])
      document.addEventListener(event, due, { signal, capture: true });
    return () => {
      end.abort();
      clearTimeout(timer.current);
    };
  }, []);
}

/** The tile that an element of the page is, or belongs to, and its size. */
function tileOf(element: Element | null): { readonly key: TileKey; readonly size: Size } | null {
  const tile = element?.closest<HTMLElement>('.meet-tile');
  if (!tile) return null;
  const { width, height } = element!.getBoundingClientRect();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the stage wrote it there
  return { key: tile.dataset['key'] as TileKey, size: { width, height } };
}

/** In full screen there is one tile, as large as the screen. */
const onlyFull = (shown: readonly ShownTile[], key: TileKey): readonly ShownTile[] =>
  shown
    .filter(({ tile }) => tile.key === key)
    .map(({ tile }) => ({ tile, size: { width: screen.width, height: screen.height } }));
