import type { Want } from '../../protocol/middlebox.ts';
import type { Member, PeerId } from '../../protocol/signaling.ts';
import { packetsReceived } from './recorded.ts';
import type { Engine, Tracks } from './engine.ts';

/**
 * Whether an engine delivers what can be expected of it: pictures of those who send one, and sound if anybody makes
 * any.
 *
 * @param wants what is shown; an SFU forwards nothing else. Undefined: nobody has said
 */
export async function isDelivered(
  engine: Engine,
  members: ReadonlyMap<PeerId, Member>,
  wants: readonly Want[] | undefined,
): Promise<boolean> {
  const sending = [...members.values()].filter(({ away, media }) => !away && (media.camera || !media.muted));
  if (engine.kind === 'mesh') {
    const waits = sending.map(async ({ peer, media }) => {
      const link = engine.links.get(peer);
      if (link?.state.is !== 'connected') return false;
      return !media.camera || (await decodes(link.pc, link.tracks));
    });
    return (await Promise.all(waits)).every(Boolean);
  }
  if (!engine.servers.every(({ state }) => state.is === 'connected')) return false;
  const down = engine.servers.find(({ leg }) => leg === 'down');
  if (!down || sending.length === 0) return down !== undefined;
  if (engine.kind === 'mcu') {
    const { mix } = engine;
    if (!mix) return false;
    return sending.some(({ media }) => media.camera)
      ? decodes(down.pc, mix.tracks)
      : (await packetsReceived(down.pc)) > 0;
  }
  const shown = sending.filter(
    ({ peer, media }) =>
      media.camera && wants?.some((want) => want.peer === peer && want.source === 'camera'),
  );
  const waits = shown.map(async ({ peer }) => decodes(down.pc, engine.received.get(peer)));
  const isQuiet = sending.every(({ media }) => media.muted);
  const isHeard = shown.length > 0 || isQuiet || (await packetsReceived(down.pc)) > 0;
  return isHeard && (await Promise.all(waits)).every(Boolean);
}

/** Whether a picture of this camera has been decoded. */
async function decodes(pc: RTCPeerConnection, tracks: Tracks | undefined): Promise<boolean> {
  const receiver = pc.getReceivers().find(({ track }) => track === tracks?.camera);
  if (!receiver) return false;
  for (const stat of (await receiver.getStats()).values())
    if (stat.type === 'inbound-rtp' && ((stat as RTCInboundRtpStreamStats).framesDecoded ?? 0) > 0)
      return true;
  return false;
}
