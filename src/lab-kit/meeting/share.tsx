import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { copyText } from '../copy-text.ts';
import { reachable } from '../invitation.tsx';
import { readReach, type Reach } from '../reach.ts';
import { meetingLink } from './address.ts';

/** The link to a meeting under an address that other devices reach, once that is known. */
export function useLink(mid: string): { readonly link: string; readonly reach: Reach | null } {
  const reach = useSignal<Reach | null>(null);
  useEffect(() => {
    void readReach().then((found) => (reach.value = found));
  }, []);
  return { link: reachable(meetingLink(location.origin, mid), reach.value), reach: reach.value };
}

/** The link to copy, or to hand to another program of this device. */
export function ShareLink({ link }: { readonly link: string }) {
  const copied = useSignal(false);
  // Where it cannot be copied the field is there to copy from by hand.
  const copy = async () => {
    copied.value = await copyText(link);
  };
  const data = { title: 'A meeting in Peerscope', url: link };
  // Its type says always: Firefox on computers has it not.
  const canShare = 'share' in navigator && navigator.canShare?.(data);
  const share = () => {
    navigator.share(data).catch(() => {
      // Closed without a choice.
    });
  };
  return (
    <div class="meet-share">
      <input
        type="text"
        readOnly
        value={link}
        aria-label="Link to this meeting"
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="meet-small" onClick={() => void copy()}>
        {copied.value ? 'Copied' : 'Copy'}
      </button>
      {canShare && (
        <button type="button" class="meet-small" onClick={share}>
          Share
        </button>
      )}
    </div>
  );
}
