import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { until } from '../tests/support/serve.ts';

const program = `
  import { dev } from ${JSON.stringify(import.meta.resolve('astro'))};
  import peerscopeServer from ${JSON.stringify(new URL('dev.ts', import.meta.url))};
  const server = await dev({
    root: process.argv[1],
    configFile: false,
    logLevel: 'error',
    devToolbar: { enabled: false },
    server: { port: 0 },
    integrations: [peerscopeServer()],
  });
  console.log('port ' + server.address.port);
`;

test('on the development server pages, signaling, health and Vite’s own WebSocket share one port', async () => {
  const root = await mkdtemp(join(tmpdir(), 'peerscope-dev-'));
  await mkdir(join(root, 'src', 'pages'), { recursive: true });
  await writeFile(join(root, 'src', 'pages', 'index.astro'), '<h1>Home</h1>');
  await symlink(fileURLToPath(new URL('../node_modules', import.meta.url)), join(root, 'node_modules'));
  // In a process of its own: within Vitest Astro takes itself for a test's module runner and serves no pages.
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, root], {
    cwd: root,
    env: { PATH: process.env['PATH'], STATE_DIR: join(root, 'state'), ASTRO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (bytes) => void (printed += String(bytes)));
  try {
    await until(() => /port \d+\n/.test(printed), 'the development server', 30_000);
    const port = Number(/port (\d+)\n/.exec(printed)?.[1]);
    const url = `http://localhost:${port}/`;
    expect(await (await fetch(url)).text()).toContain('<h1>Home</h1>');
    expect(await (await fetch(`${url}healthz`)).json()).toMatchObject({
      parts: { signaling: { port: port } },
    });
    expect(await (await fetch(`${url}links.json`)).json()).toMatchObject({ reach: 'loopback' });

    const socket = io(url, { transports: ['websocket'], reconnection: false });
    await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
    expect(await socket.emitWithAck('room:join', { room: 'blue', page: 'p' })).toMatchObject({ ok: true });

    // Longer than the second after which Socket.IO hangs up on upgrades that nobody answered.
    const client = await (await fetch(`${url}@vite/client`)).text();
    const token = /wsToken = "([^"]+)"/.exec(client)?.[1];
    const vite = new WebSocket(`${url.replace('http', 'ws')}?token=${token}`, 'vite-hmr');
    const [first] = (await once(vite, 'message')) as [Buffer];
    expect(JSON.parse(first.toString())).toEqual({ type: 'connected' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(vite.readyState).toBe(WebSocket.OPEN);
    vite.terminate();
    socket.disconnect();
  } finally {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    await rm(root, { recursive: true, force: true });
  }
}, 60_000);
