import { io, type Socket } from 'socket.io-client';
import type { Page } from 'playwright/test';
import { expect, test } from '../support/lab.ts';
import { readRemoteFrames } from '../support/media.ts';

interface Health {
  readonly rooms: number;
  readonly peers: number;
  readonly parts: { readonly bots: { readonly state: string; readonly active: number } };
}

const healthOf = async (url: string) => (await (await fetch(`${url}/healthz`)).json()) as Health;

test('a call with the bot: one’s own picture comes back, readable and moving; Stop sends it away @firefox', async ({
  lab,
  page,
  server,
}) => {
  const timeline = await lab.run('first-call', { arrangement: 'bot' });
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await timeline.until({ kind: 'first-frame', peer: 'alice' });
  const frames = await readRemoteFrames(page, 'alice', 20);
  expect(frames.toSorted((a, b) => a - b)).toEqual(frames);
  expect(new Set(frames).size).toBeGreaterThan(10);
  expect((await healthOf(server.url)).parts.bots).toMatchObject({ state: 'up', active: 1 });
  // The sound comes back too.
  await expect
    .poll(async () => (await timeline.stats('alice', 1))[0]?.inbound.find(({ kind }) => kind === 'audio'))
    .toMatchObject({ packetsLost: 0 });

  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(async () => (await healthOf(server.url)).parts.bots.active).toBe(0);
  // The bot may go before the page has said goodbye.
  await expect.poll(() => healthOf(server.url)).toMatchObject({ rooms: 0, peers: 0 });
});

/** A participant whose connection lives in a browser's page and whose signals this test carries. */
class Caller implements AsyncDisposable {
  readonly page: Page;
  readonly socket: Socket;
  bot = '';

  constructor(page: Page, url: string) {
    this.page = page;
    this.socket = io(url, { transports: ['websocket'], forceNew: true });
  }

  async ask(name: string, payload: object): Promise<{ ok: boolean; value: { bot: { peer: string } } }> {
    return this.socket.timeout(15_000).emitWithAck(name, payload) as never;
  }

  /** Sits in a room with a bot, and has a connection in the page, `pc`. */
  async meet(room: string): Promise<this> {
    await this.page.goto('/');
    await this.ask('room:join', { room, page: 'page' });
    this.bot = (await this.ask('bot:invite', {})).value.bot.peer;
    await this.open();
    return this;
  }

  async open(): Promise<void> {
    await this.page.evaluate(() => {
      Object.assign(window, { pc: new RTCPeerConnection({ iceServers: [] }), heard: [] });
    });
  }

  /** One offer and its answer. @returns the answer's SDP */
  async negotiate(options: RTCOfferOptions = {}): Promise<string> {
    const sdp = await this.page.evaluate(async (given) => {
      const { pc } = window as never as { pc: RTCPeerConnection };
      await pc.setLocalDescription(await pc.createOffer(given));
      return pc.localDescription?.sdp ?? '';
    }, options);
    const answered = new Promise<string>((resolve) =>
      this.socket.once('signal:received', ({ signal }) => resolve(signal.description.sdp as string)),
    );
    await this.ask('signal:send', { to: this.bot, signal: { description: { type: 'offer', sdp } } });
    const answer = await answered;
    await this.page.evaluate(
      (text) =>
        (window as never as { pc: RTCPeerConnection }).pc.setRemoteDescription({ type: 'answer', sdp: text }),
      answer,
    );
    return answer;
  }

  async untilConnected(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { pc } = window as never as { pc: RTCPeerConnection };
      return pc.connectionState === 'connected' && pc.iceConnectionState !== 'checking';
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ask('room:leave', {});
    this.socket.disconnect();
  }
}

test('the bot returns text and bytes of data channels, also without a handshake, and closes what is closed @firefox', async ({
  page,
  server,
}) => {
  await using caller = await new Caller(page, server.url).meet('data');
  await page.evaluate(() => {
    const { pc, heard } = window as never as { pc: RTCPeerConnection; heard: unknown[] };
    for (const channel of [
      pc.createDataChannel('said'),
      pc.createDataChannel('agreed', { negotiated: true, id: 7, ordered: false }),
    ]) {
      channel.binaryType = 'arraybuffer';
      channel.addEventListener('message', ({ data }) => {
        const text =
          data instanceof ArrayBuffer ? `bytes ${new Uint8Array(data).join(' ')}` : String(data).slice(0, 20);
        heard.push(`${channel.label}: ${text} ${typeof data === 'string' ? data.length : ''}`.trim());
        if (heard.length === 5) channel.close();
      });
      channel.addEventListener('close', () => heard.push(`${channel.label} closed`));
      channel.addEventListener('open', () => {
        channel.send('hello');
        channel.send(new Uint8Array([1, 2, 255]));
        if (channel.label === 'said') channel.send('x'.repeat(100_000));
      });
    }
  });
  await caller.negotiate();
  await page.waitForFunction(() => {
    const { heard } = window as never as { heard: string[] };
    return heard.some((line) => line.endsWith('closed'));
  });
  const heard = await page.evaluate(() => (window as never as { heard: string[] }).heard);
  expect(heard.slice(0, 5).toSorted()).toEqual([
    'agreed: bytes 1 2 255',
    'agreed: hello 5',
    'said: bytes 1 2 255',
    'said: hello 5',
    'said: xxxxxxxxxxxxxxxxxxxx 100000',
  ]);
});

test('one call lives through new tracks, an ICE restart and refused m-sections; another connection replaces it @firefox', async ({
  page,
  server,
}) => {
  await using caller = await new Caller(page, server.url).meet('renegotiation');
  const addPicture = () =>
    page.evaluate(() => {
      const { pc } = window as never as { pc: RTCPeerConnection };
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
      const context = canvas.getContext('2d');
      let turn = 0;
      setInterval(() => {
        if (!context) return;
        context.fillStyle = `hsl(${(turn += 7)} 80% 50%)`;
        context.fillRect(0, 0, 320, 240);
      }, 40);
      const stream = canvas.captureStream();
      for (const track of stream.getTracks()) pc.addTrack(track, stream);
    });
  const framesOf = () =>
    page.evaluate(async () => {
      const { pc } = window as never as { pc: RTCPeerConnection };
      const stats = [...(await pc.getStats()).values()] as {
        type: string;
        kind: string;
        framesDecoded: number;
      }[];
      return stats.flatMap(({ type, kind, framesDecoded }) =>
        type === 'inbound-rtp' && kind === 'video' ? [framesDecoded] : [],
      );
    });
  /** Each of so many pictures goes on. */
  const decoded = async (count: number) => {
    await expect.poll(framesOf).toHaveLength(count);
    const before = await framesOf();
    await expect
      .poll(async () => (await framesOf()).every((frames, index) => frames > (before[index] ?? 0) + 10))
      .toBe(true);
  };

  await page.evaluate(() => (window as never as { pc: RTCPeerConnection }).pc.createDataChannel('first'));
  await caller.negotiate();
  await caller.untilConnected();
  await addPicture();
  await caller.negotiate();
  await decoded(1);
  await addPicture();
  const before = await caller.negotiate();
  await decoded(2);

  const restarted = await caller.negotiate({ iceRestart: true });
  const ufragOf = (sdp: string) => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];
  expect(ufragOf(restarted)).not.toBe(ufragOf(before));
  await caller.untilConnected();
  await decoded(2);

  await page.evaluate(() => (window as never as { pc: RTCPeerConnection }).pc.close());
  await caller.open();
  await addPicture();
  await caller.negotiate();
  await decoded(1);
});
