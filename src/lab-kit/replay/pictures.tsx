import { useMemo } from 'preact/hooks';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { endAt, fold, type Fold } from '../panels/model/fold.ts';
import { inMs } from '../panels/model/format.ts';
import { receivedVideo } from '../panels/model/shown.ts';
import { codecName, statsFold } from '../panels/model/stats.ts';
import { PeerName } from '../panels/peer.tsx';
import type { ReplayView } from './view.ts';

/** A recording keeps no pictures and no sound: this says what there was of them. */
export function Pictures({ view }: { view: ReplayView }) {
  const stats = useMemo(statsFold, [view]);
  const frames = useMemo(firstFrames, [view]);
  const { list } = view.entries.value;
  const end = endAt(list, view.focus.value);
  const [samples, first] = [stats(list, end), frames(list, end)];
  const peers = view.peers.value;
  return (
    <div class="ps-panel">
      <ul class="replay-pictures" aria-label="What each peer received at this moment">
        {view.hosted.value.map((peer) => {
          const own = samples.get(peer);
          const sound = own?.last.inbound.find(({ kind }) => kind === 'audio');
          const frame = first.get(peer);
          const words = [
            receivedVideo(own),
            sound && `sound (${codecName(sound.codec)})`,
            frame && `first picture after ${inMs(frame.atMs)} ms`,
          ].filter(Boolean);
          return (
            <li key={peer}>
              <PeerName peers={peers} peer={peer} />{' '}
              {words.length > 0 ? `received ${words.join(', ')}` : 'received no picture and no sound so far'}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function firstFrames(): Fold<Map<PeerLabel, Entry>> {
  return fold(
    () => new Map(),
    (frames, entry) => {
      if (entry.kind === 'first-frame' && !frames.has(entry.peer)) frames.set(entry.peer, entry);
    },
  );
}
