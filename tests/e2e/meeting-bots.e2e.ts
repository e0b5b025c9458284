import { buildSync } from 'esbuild';
import type { Page } from 'playwright/test';
import { hueOf } from '../../src/rtc/media/hue.ts';
import { toneOf } from '../../src/rtc/media/tone.ts';
import { expect, test } from '../support/lab.ts';

/** What the page of a meeting is made of, without its components. */
const [script] = buildSync({
  stdin: {
    contents: `
      export { BrowserBots } from './src/rtc/meeting/bots.ts';
      export { Meeting } from './src/rtc/meeting/meeting.ts';
      export { noTracks } from './src/rtc/meeting/engine.ts';
      export { readFrameCode } from './src/rtc/media/frame-code.ts';
      export { tonesIn } from './src/rtc/media/levels.ts';`,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'parts',
  // A classic script has no address of its own: its worker is found beside the page.
  define: { 'import.meta.url': 'location.href' },
}).outputFiles;
const [worker] = buildSync({
  entryPoints: ['src/rtc/media/ticker.worker.ts'],
  bundle: true,
  write: false,
  format: 'esm',
}).outputFiles;

type Meeting = import('../../src/rtc/meeting/meeting.ts').Meeting;
declare const window: {
  parts: {
    readonly BrowserBots: typeof import('../../src/rtc/meeting/bots.ts').BrowserBots;
    readonly Meeting: typeof import('../../src/rtc/meeting/meeting.ts').Meeting;
    readonly noTracks: import('../../src/rtc/meeting/engine.ts').Tracks;
    readonly readFrameCode: typeof import('../../src/rtc/media/frame-code.ts').readFrameCode;
    readonly tonesIn: typeof import('../../src/rtc/media/levels.ts').tonesIn;
  };
  meeting: Meeting;
  bots: import('../../src/rtc/meeting/bots.ts').BrowserBots;
};

const there = ['Bot 1', 'Bot 2', 'Bot 3'];
const here = ['Browser bot 1', 'Browser bot 2'];
const tonesOf: Record<string, number> = Object.fromEntries(
  [...there, ...here].map((name) => [name, toneOf(name)]),
);

/** Joins with a picture of the page's own, without sound. */
async function join(page: Page, room: string): Promise<void> {
  await page.route('**/ticker.worker.ts', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: worker?.text ?? '' }),
  );
  await page.goto('/');
  await page.evaluate(`${script?.text ?? ''}; window.parts = parts;`);
  await page.evaluate(async (id) => {
    const { Meeting, noTracks } = window.parts;
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d')!;
    let turn = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${(turn += 7)} 80% 50%)`;
      context.fillRect(0, 0, 320, 180);
    }, 100);
    const [camera = null] = canvas.captureStream().getVideoTracks();
    window.meeting = new Meeting({
      url: location.origin,
      room: id as never,
      page: crypto.randomUUID().replaceAll('-', '').slice(0, 21) as never,
      name: 'Alice',
      signal: new AbortController().signal,
      tracks: { ...noTracks, camera },
      media: { muted: true, camera: true, screen: false, recording: false },
    });
    await window.meeting.join();
  }, room);
}

interface Seen {
  readonly name: string;
  readonly camera: boolean;
  readonly frames: readonly number[];
  /** Degrees, of what lies behind the words. */
  readonly hue: number;
  /** Whether its tone was heard; undefined where the browser has no sound device to run an audio graph for. */
  readonly heard: boolean | undefined;
}

/** Looks at every participant until ten new frames of each were read and its tone was heard. */
const watch = (page: Page): Promise<Seen[]> =>
  page.evaluate(async (tones) => {
    const { readFrameCode, tonesIn } = window.parts;
    const until = async <T>(what: string, look: () => T | undefined): Promise<T> => {
      for (const endMs = performance.now() + 20_000; performance.now() < endMs;) {
        const found = look();
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      throw new Error(`not within 20 s: ${what}`);
    };
    const { room, engine } = window.meeting;
    const audio = new AudioContext();
    await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    const others = [...room.members.values()];
    return Promise.all(
      others.map(async ({ peer, name }): Promise<Seen> => {
        const tracks = await until(`tracks of ${name}`, () => {
          const { camera, microphone } = engine.received.get(peer) ?? {};
          return camera && microphone ? [camera, microphone] : undefined;
        });
        const stream = new MediaStream(tracks);
        const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
        document.body.append(video);
        await video.play();
        const frames: number[] = [];
        await until(`frames of ${name}`, () => {
          const frame = readFrameCode(video)?.frame;
          if (frame !== undefined && frame !== frames.at(-1)) frames.push(frame);
          return frames.length >= 10 || undefined;
        });
        // A codec keeps the colour of a plain place on average, not in each pixel.
        const place = new OffscreenCanvas(60, 12).getContext('2d')!;
        place.drawImage(video, 120, 4, 60, 12, 0, 0, 60, 12);
        const { data } = place.getImageData(0, 0, 60, 12);
        const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((channel) =>
          data.reduce((sum, value, index) => (index % 4 === channel ? sum + value : sum), 0),
        );
        const hue = (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI;

        let heard: boolean | undefined;
        if (audio.state === 'running') {
          const analyser = new AnalyserNode(audio, { fftSize: 8_192 });
          audio.createMediaStreamSource(stream).connect(analyser);
          const levels = new Float32Array(analyser.frequencyBinCount);
          heard = await until(`the tone of ${name}`, () => {
            analyser.getFloatFrequencyData(levels);
            const [loudest] = tonesIn(levels, audio.sampleRate, 1);
            return Math.abs((loudest?.frequencyHz ?? 0) - (tones[name] ?? 0)) < 5 || undefined;
          });
        }
        video.remove();
        const camera = room.members.get(peer)?.media.camera ?? false;
        return { name, camera, frames, hue: (hue + 360) % 360, heard };
      }),
    );
  }, tonesOf);

/** Each has a camera that is on, the colour of its name and a counter that grows. */
function expectAll(all: readonly Seen[], names: readonly string[]): void {
  expect(all.map(({ name }) => name)).toEqual(names);
  for (const { name, camera, frames, hue, heard } of all) {
    expect(camera).toBe(true);
    // Those of the server count to 150, and begin anew.
    expect(frames.filter((frame, index) => frame < (frames[index - 1] ?? 0)).length).toBeLessThanOrEqual(1);
    const away = Math.abs(hue - hueOf(name));
    expect(Math.min(away, 360 - away)).toBeLessThan(15); // another one is 22° away or more
    expect(heard).not.toBe(false);
  }
}

test('three bots of the server: each has its own colour, counter and tone, also after the connection was replaced @firefox', async ({
  page,
  server,
}) => {
  await join(page, 'meet-bots');
  for (let count = 0; count < 3; count++)
    await page.evaluate(() => window.meeting.room.invite().then(() => undefined));
  expectAll(await watch(page), there);

  // Our own picture is received and reported on: the reports say how long a packet takes there and back.
  const leastMeasured = () =>
    page.evaluate(async () => {
      const all = [...window.meeting.engine.links.values()].map(async ({ pc }) => {
        for (const report of (await pc.getStats()).values() as Iterable<Record<string, unknown>>)
          if (report['type'] === 'remote-inbound-rtp' && report['kind'] === 'video')
            return Number(report['roundTripTimeMeasurements'] ?? 0);
        return 0;
      });
      return Math.min(...(await Promise.all(all)));
    });
  await expect.poll(leastMeasured).toBeGreaterThan(0);

  await page.evaluate(() => {
    const [restarted, rebuilt] = [...window.meeting.engine.links.values()];
    restarted?.restart();
    rebuilt?.rebuild();
  });
  expectAll(await watch(page), there);

  await page.evaluate(() => window.meeting.close());
  const health = async () =>
    (await (await fetch(`${server.url}/healthz`)).json()) as { parts: { bots: { active: number } } };
  await expect.poll(async () => (await health()).parts.bots.active).toBe(0);
});

test('two bots of this browser: participants with connections of their own, sent away one by one', async ({
  page,
}) => {
  await join(page, 'meet-browser-bots');
  await page.evaluate(async () => {
    const { room } = window.meeting;
    window.bots = new window.parts.BrowserBots({
      url: location.origin,
      room: 'meet-browser-bots' as never,
      names: () => [...room.members.values()].map(({ name }) => name),
      signal: new AbortController().signal,
    });
    await Promise.all([window.bots.add(), window.bots.add()]);
  });
  const names = () =>
    page.evaluate(() => [...window.meeting.room.members.values()].map(({ name }) => name).toSorted());
  await expect.poll(names).toEqual(here);
  const seen = await watch(page);
  expectAll(
    seen.toSorted((a, b) => a.name.localeCompare(b.name)),
    here,
  );
  // Each has a connection to the person and to the other one.
  const states = () =>
    page.evaluate(() =>
      window.bots.list.map(({ meeting }) => [...meeting.engine.links.values()].map(({ state }) => state.is)),
    );
  await expect.poll(states).toEqual([
    ['connected', 'connected'],
    ['connected', 'connected'],
  ]);

  const sentAway = await page.evaluate(() => {
    const [first] = window.meeting.room.members.keys();
    return [window.bots.remove(first!), window.bots.remove(window.meeting.room.self!.peer)];
  });
  expect(sentAway).toEqual([true, false]);
  await expect.poll(async () => (await names()).length).toBe(1);
  await page.evaluate(() => window.bots.close());
  await expect.poll(names).toEqual([]);
  await page.evaluate(() => window.meeting.close());
});
