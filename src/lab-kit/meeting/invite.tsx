import type { Rect } from '../../rtc/meeting/media/grid.ts';
import { Qr } from '../invitation.tsx';
import { ShareLink, useLink } from './share.tsx';

/** What stands beside somebody who is alone in a meeting. */
export function Invite({ mid, rect }: { readonly mid: string; readonly rect: Rect }) {
  const { link, reach } = useLink(mid);
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
      {hasQr && <Qr text={link} />}
    </div>
  );
}
