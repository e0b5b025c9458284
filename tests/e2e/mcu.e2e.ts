import { buildSync } from 'esbuild';
import { expect, test } from '../support/lab.ts';

/** What the page of a meeting is made of, without its components. */
const [script] = buildSync({
  stdin: {
    contents: `
      export { Meeting } from './src/rtc/meeting/meeting.ts';
      export { noTracks } from './src/rtc/meeting/engine.ts';`,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'parts',
  define: { 'import.meta.url': 'location.href' },
}).outputFiles;

const [worker] = buildSync({
  entryPoints: ['src/rtc/media/ticker.worker.ts'],
  bundle: true,
  write: false,
  format: 'esm',
}).outputFiles;

type Meeting = import('../../src/rtc/meeting/meeting.ts').Meeting;
type MixRecording = import('../../src/protocol/middlebox.ts').MixRecording;
declare const window: {
  parts: {
    readonly Meeting: typeof import('../../src/rtc/meeting/meeting.ts').Meeting;
    readonly noTracks: import('../../src/rtc/meeting/engine.ts').Tracks;
  };
  people: Map<string, { meeting: Meeting; hz: number; rgb: readonly [number, number, number] }>;
  told: MixRecording[];
};

interface Mixed {
  readonly name: string;
  /** dB of each one's tone. */
  readonly levels: Record<string, number>;
  /** The colour in the middle of each one's cell. */
  readonly colours: Record<string, readonly number[]>;
}

test('a mixed meeting: each hears the others and not itself, sees everybody in their place, and the host records it', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.route('**/ticker.worker.ts', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: worker?.text ?? '' }),
  );
  // Any page of the server's: nothing of it is used.
  await page.goto('/');
  await page.evaluate(`${script?.text ?? ''}; window.parts = parts;`);
  await page.evaluate(async () => {
    const { Meeting, noTracks } = window.parts;
    const audio = new AudioContext();
    await audio.resume();
    const people = [
      ['alice', 440, [200, 40, 40]],
      ['bob', 570, [40, 170, 60]],
      ['carol', 700, [60, 70, 210]],
    ] as const;
    window.people = new Map();
    window.told = [];
    for (const [name, hz, rgb] of people) {
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
      const context = canvas.getContext('2d')!;
      let isOdd = false;
      setInterval(() => {
        context.fillStyle = `rgb(${rgb.join(' ')})`;
        context.fillRect(0, 0, 320, 180);
        // Something that moves, in a corner: else there would be no new pictures.
        isOdd = !isOdd;
        context.fillStyle = isOdd ? 'white' : 'black';
        context.fillRect(0, 0, 8, 8);
      }, 100);
      const output = audio.createMediaStreamDestination();
      const oscillator = new OscillatorNode(audio, { frequency: hz });
      oscillator.connect(new GainNode(audio, { gain: 0.2 })).connect(output);
      oscillator.start();
      const [camera = null] = canvas.captureStream().getVideoTracks();
      const [microphone = null] = output.stream.getAudioTracks();
      const meeting = new Meeting({
        url: location.origin,
        room: 'mixed-e2e' as never,
        page: crypto.randomUUID().replaceAll('-', '').slice(0, 21) as never,
        name,
        signal: new AbortController().signal,
        tracks: { ...noTracks, camera, microphone },
        media: { muted: false, camera: true, screen: false, recording: false },
      });
      await meeting.join();
      window.people.set(name, { meeting, hz, rgb });
    }
    const carol = window.people.get('carol')!.meeting;
    carol.room.on('mix-recording', (recording) => void window.told.push(recording));
    await window.people.get('alice')!.meeting.room.setRouting({ topology: 'mcu', auto: false });
  });

  const looks = (): Promise<Mixed[]> =>
    page.evaluate(async () => {
      const people = [...window.people];
      const peerOf = (name: string) => window.people.get(name)!.meeting.room.self!.peer;
      const seen = people.map(async ([name, { meeting }]): Promise<Mixed> => {
        const { mix } = meeting.engine;
        const { camera, microphone } = mix?.tracks ?? {};
        if (!mix || !camera || !microphone) return { name, levels: {}, colours: {} };
        const stream = new MediaStream([camera, microphone]);
        const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
        document.body.append(video);
        // Pictures that never come are found out below.
        await Promise.race([video.play(), new Promise((resolve) => setTimeout(resolve, 5_000))]);
        const place = new OffscreenCanvas(640, 360).getContext('2d')!;
        place.drawImage(video, 0, 0, 640, 360);
        const colours = people.flatMap(([one]) => {
          const cell = mix.cells.find(({ peer, source }) => peer === peerOf(one) && source === 'camera');
          if (!cell) return [];
          const [x, y] = [(cell.x + cell.width / 2) * 640, (cell.y + cell.height / 2) * 360];
          return [[one, [...place.getImageData(x, y, 1, 1).data.subarray(0, 3)]] as const];
        });
        const audio = new AudioContext();
        const analyser = new AnalyserNode(audio, { fftSize: 16_384, smoothingTimeConstant: 0 });
        audio.createMediaStreamSource(stream).connect(analyser);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        const bins = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(bins);
        const levels = people.map(([one, { hz }]) => {
          const bin = Math.round((hz / audio.sampleRate) * analyser.fftSize);
          return [one, Math.max(...bins.slice(bin - 2, bin + 3))] as const;
        });
        await audio.close();
        video.remove();
        return { name, levels: Object.fromEntries(levels), colours: Object.fromEntries(colours) };
      });
      return Promise.all(seen);
    });
  const names = ['alice', 'bob', 'carol'];
  const rgbOf: Record<string, readonly number[]> = {
    alice: [200, 40, 40],
    bob: [40, 170, 60],
    carol: [60, 70, 210],
  };
  await expect(async () => {
    for (const { name, levels, colours } of await looks()) {
      for (const one of names) {
        const level = levels[one] ?? -200;
        if (one === name) expect(level, `${name} does not hear itself`).toBeLessThan(-75);
        else expect(level, `${name} hears ${one}`).toBeGreaterThan(-50);
        const away = (rgbOf[one] ?? []).map((value, index) =>
          Math.abs((colours[one]?.[index] ?? 999) - value),
        );
        expect(Math.max(...away), `${name} sees ${one}`).toBeLessThan(45);
      }
    }
  }).toPass({ timeout: 90_000 });

  const recordMix = (on: boolean) =>
    page.evaluate((is) => window.people.get('alice')!.meeting.room.recordMix(is), on);
  await recordMix(true);
  const last = () => page.evaluate(() => window.told.at(-1));
  await expect.poll(async () => (await last())?.sizeBytes ?? 0, { timeout: 60_000 }).toBeGreaterThan(30_000);
  await recordMix(false);
  await expect.poll(async () => (await last())?.state, { timeout: 30_000 }).toBe('done');
  const played = await page.evaluate(async () => {
    const answer = await fetch(window.told.at(-1)!.path!);
    const video = document.createElement('video');
    video.src = URL.createObjectURL(await answer.blob());
    await new Promise((resolve, reject) => {
      video.addEventListener('loadeddata', resolve);
      video.addEventListener('error', () => reject(new Error(video.error?.message)));
    });
    const { videoWidth, videoHeight, duration } = video;
    return { type: answer.headers.get('content-type'), videoWidth, videoHeight, duration };
  });
  expect(played).toMatchObject({ type: 'video/webm', videoWidth: 640, videoHeight: 360 });
  expect(played.duration).toBeGreaterThan(0.5);

  await page.evaluate(() => {
    for (const { meeting } of window.people.values()) meeting.close();
  });
});
