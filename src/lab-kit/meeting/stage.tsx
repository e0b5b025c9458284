import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { fitInto, type Size } from '../../rtc/meeting/media/grid.ts';
import { Icon } from './icons.tsx';
import { Invite } from './invite.tsx';
import { MixTile } from './mix-tile.tsx';
import type { MeetingSession } from './session.ts';
import { Tile } from './tile.tsx';
import { placeTiles, stageOf, tilesOf } from './tiles.ts';
import { useWants } from './use-wants.ts';

/** Everybody's tiles, as large as the room for them allows. */
export function Stage({ session }: { readonly session: MeetingSession }) {
  const place = useRef<HTMLDivElement>(null);
  const area = useSignal<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      area.value = { width, height };
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const { view, people, self, speaking } = session;
  const all = tilesOf({ people: people.value, self: self.value, hidesSelf: view.hidesSelf.value });
  const { layout, main, rest } = stageOf(all, {
    layout: view.layout.value,
    pinned: view.pinned.value,
    small: view.small.value,
    active: speaking.value.active,
    area: area.value,
  });
  /** Then there is one picture of everybody, and nothing to lay out. */
  const isMixed = session.topology.value === 'mcu';
  const isAlone = people.value.length === 0;
  // Whoever is alone sees, beside themselves, how others come: it has the place of the first of them.
  const isInviting = isAlone && layout === 'grid';
  const count = rest.length + (main ? 1 : 0) + (isInviting ? 1 : 0);
  const {
    main: large,
    tiles: rects,
    first,
    page,
    pages,
  } = placeTiles(layout, count, area.value, {
    page: view.page.value,
    minWidth: area.value.width < 500 ? 148 : 208,
    gap: area.value.width < 500 ? 8 : 12,
  });
  const inviteAt = rects[rest.length - first];
  const shown = [
    ...(main && large ? [{ tile: main, rect: large, isLarge: true }] : []),
    ...rects.flatMap((rect, index) => {
      const tile = rest[first + index];
      return tile ? [{ tile, rect, isLarge: false }] : [];
    }),
  ];
  const inSight = area.value.width > 0 && !isMixed ? shown : [];
  // Of a mix, too: what comes after it begins with what would be shown.
  useWants(
    session,
    (area.value.width > 0 ? shown : []).map(({ tile, rect: { width, height } }) => ({
      tile,
      size: { width, height },
    })),
    all,
  );
  return (
    <section class="meet-stage" aria-label="Participants">
      <div
        ref={place}
        class="meet-tiles"
        data-layout={isMixed ? 'mix' : layout}
        data-count={people.value.length + 1}
      >
        {area.value.width > 0 && (
          <>
            {inSight
              .toSorted((a, b) => (a.tile.key < b.tile.key ? -1 : 1)) // stays in place: moved elements stop to play
              .map(({ tile, rect, isLarge }) => (
                <Tile key={tile.key} session={session} tile={tile} rect={rect} isLarge={isLarge} />
              ))}
            {isMixed && <MixTile session={session} rect={fitInto({ x: 0, y: 0, ...area.value }, 16 / 9)} />}
            {isInviting && !isMixed && inviteAt && <Invite session={session} rect={inviteAt} />}
          </>
        )}
      </div>
      {pages > 1 && !isMixed && (
        <nav class="meet-pages" aria-label="Pages of participants">
          <button
            type="button"
            class="meet-button"
            aria-label="Previous page"
            disabled={page === 0}
            onClick={() => (view.page.value = page - 1)}
          >
            <Icon name="left" />
          </button>
          <span role="status">
            {page + 1} of {pages}
          </span>
          <button
            type="button"
            class="meet-button"
            aria-label="Next page"
            disabled={page === pages - 1}
            onClick={() => (view.page.value = page + 1)}
          >
            <Icon name="right" />
          </button>
        </nav>
      )}
    </section>
  );
}
