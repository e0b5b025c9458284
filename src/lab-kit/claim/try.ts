import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { Timeline } from '../../rtc/timeline.ts';
import type { ClaimTools } from './define.ts';

/**
 * Runs one way of a claim and tells how it came out: what it resolves with, or `TypeError: …` of what it threw.
 *
 * All that it opened with its tools is closed when this is fulfilled.
 *
 * @param limitMs milliseconds until the try is given up
 */
export async function tryClaim(
  run: (tools: ClaimTools) => Promise<string>,
  limitMs: number,
): Promise<string> {
  const ending = new AbortController();
  const { signal } = ending;
  const timer = setTimeout(() => ending.abort(), limitMs);
  const timeline = new Timeline();
  const tools: ClaimTools = {
    signal,
    peerjs: async (name) => {
      const { loadPeerJs } = await import('../compare/load-peerjs.ts');
      return loadPeerJs(name, { timeline, signal });
    },
    createPeer: (configuration) => {
      const pc = new RTCPeerConnection(configuration);
      signal.addEventListener('abort', () => pc.close());
      return pc;
    },
    media: () => openSyntheticMedia({ peer: 'alice', signal }).stream,
    video: () => {
      const video = Object.assign(document.createElement('video'), { className: 'claim-video' });
      document.body.append(video);
      signal.addEventListener('abort', () => {
        video.srcObject = null;
        video.remove();
      });
      return video;
    },
  };
  const over = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve(`Nothing came of it within ${limitMs / 1000} s.`));
  });
  try {
    return await Promise.race([run(tools), over]);
  } catch (error) {
    return error instanceof Error || error instanceof DOMException
      ? `${error.name}: ${error.message}`
      : String(error);
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}
