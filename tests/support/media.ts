import { buildSync } from 'esbuild';
import type { Page } from 'playwright/test';
import type { TimelineDriver } from './lab.ts';

/** The project's own decoder of the synthetic picture, as one script. */
const [decoder] = buildSync({
  entryPoints: ['src/rtc/media/frame-code.ts'],
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'frameCode',
}).outputFiles;

/**
 * Reads the frame counter out of the pixels of the picture that a peer receives, once for each of `count` new frames.
 *
 * @returns the counters in the order in which they were shown
 * @throws {Error} when fewer readable frames came within 15 s
 */
export async function readRemoteFrames(page: Page, peer: string, count: number): Promise<number[]> {
  const read = async (name: string, wanted: number): Promise<number[]> => {
    const session = await (document.querySelector('lab-pane') as never as { load(): Promise<never> }).load();
    const { shown } = (
      session as { bench: { value: { shown: { peer: string; side: string; stream: MediaStream }[] } } }
    ).bench.value;
    const stream = shown.findLast((one) => one.peer === name && one.side === 'remote')?.stream;
    const video = [...document.querySelectorAll('video')].find(({ srcObject }) => srcObject === stream);
    if (!video) throw new Error(`no picture of what ${name} receives on the page`);
    const frames: number[] = [];
    const deadlineMs = performance.now() + 15_000;
    while (frames.length < wanted) {
      if (performance.now() > deadlineMs)
        throw new Error(`read ${frames.length} of ${wanted} frames: ${frames.join(', ')}`);
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      const code = frameCode.readFrameCode(video);
      if (code && code.frame !== frames.at(-1)) frames.push(code.frame);
    }
    return frames;
  };
  return page.evaluate<number[]>(
    `(() => { ${decoder?.text ?? ''}; return (${read.toString()})(${JSON.stringify(peer)}, ${count}); })()`,
  );
}

/**
 * Plays the file in an element and reads the frame counter from the pixels of `count` of its frames.
 *
 * @param selector of the `<video>`
 * @throws {Error} when fewer readable frames came within 15 s
 */
export async function readFrames(page: Page, selector: string, count: number): Promise<number[]> {
  const read = async (which: string, wanted: number): Promise<number[]> => {
    const video = document.querySelector<HTMLVideoElement>(which);
    if (!video) throw new Error(`no ${which} on the page`);
    const frames: number[] = [];
    const deadlineMs = performance.now() + 15_000;
    video.muted = true;
    await video.play();
    while (frames.length < wanted) {
      if (performance.now() > deadlineMs) throw new Error(`read ${frames.length} of ${wanted} frames`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      const code = frameCode.readFrameCode(video);
      if (code && code.frame !== frames.at(-1)) frames.push(code.frame);
    }
    return frames;
  };
  return page.evaluate<number[]>(
    `(() => { ${decoder?.text ?? ''}; return (${read.toString()})(${JSON.stringify(selector)}, ${count}); })()`,
  );
}

declare const frameCode: typeof import('../../src/rtc/media/frame-code.ts');

/** Frames decoded per second as `getStats()` counts them, over the next `seconds` samples. */
export async function frameRates(timeline: TimelineDriver, peer: string, seconds: number): Promise<number[]> {
  const samples = await timeline.stats(peer, seconds);
  return samples.flatMap(({ inbound }) =>
    inbound.filter(({ kind }) => kind === 'video').map(({ framesPerSecond }) => framesPerSecond ?? 0),
  );
}
