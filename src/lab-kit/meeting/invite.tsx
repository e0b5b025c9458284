import type { Rect } from '../../rtc/meeting/media/grid.ts';
import { botsOf } from './bots.ts';
import { Qr } from '../invitation.tsx';
import type { MeetingSession } from './session.ts';
import { ShareLink, useLink } from './share.tsx';

/** What stands beside somebody who is alone in a meeting. */
export function Invite({ session, rect }: { readonly session: MeetingSession; readonly rect: Rect }) {
  const { link, reach } = useLink(session.mid);
  const bots = botsOf(session);
  const { x, y, width, height } = rect;
  const hasQr = reach?.reach === 'network' && width >= 420 && height >= 300;
  return (
    <div
      class="meet-invite"
      style={{
        translate: `${Math.round(x)}px ${Math.round(y)}px`,
        inlineSize: `${Math.floor(width)}px`,
        blockSize: `${Math.floor(height)}px`,
      }}
    >
      <h2>You are the only one here</h2>
      <p>Whoever opens this link joins you.</p>
      <ShareLink link={link} />
      <p>
        <button
          type="button"
          class="meet-small"
          aria-disabled={bots.isAdding.value}
          onClick={() => void bots.addHere()}
        >
          Or add a bot
        </button>
      </p>
      {hasQr && <Qr text={link} />}
    </div>
  );
}
