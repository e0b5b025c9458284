import { once } from 'node:events';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../tests/support/serve.ts';
import { Classroom, classroomRules, importsLate, type LearnersProcess, spawnBare } from './classroom.ts';

const rules = classroomRules;
const classroom = new Classroom(rules, pino({ level: 'silent' }));
afterAll(() => classroom.close());

interface Run {
  readonly server: LearnersProcess;
  readonly reports: Record<string, unknown>[];
  ended: string;
  readonly lines: () => string[];
  readonly has: (part: object) => boolean;
}

function start(code: string, room = classroom): Run {
  const reports: Record<string, unknown>[] = [];
  const run: Run = {
    reports,
    ended: '',
    lines: () => reports.flatMap(({ output }) => (output ? [(output as { text: string }).text] : [])),
    has: (part) =>
      reports.some((report) => JSON.stringify(report).includes(JSON.stringify(part).slice(1, -1))),
    server: room.start(code, {
      said: (texts) => void reports.push(...texts.map((text) => JSON.parse(text) as Record<string, unknown>)),
      ended: (why) => (run.ended = why),
    }),
  };
  return run;
}

const order = (what: object) => JSON.stringify(what);
const open = (socket: string, as: string) => order({ frame: { do: 'open', socket, as, url: '/?a=1' } });
const IO = "import { Server } from 'socket.io';\nconst io = new Server(3000);\n";
const WS = "import { WebSocketServer } from 'ws';\nconst wss = new WebSocketServer({ port: 1 });\n";

test('a Socket.IO server answers clients, and a ping comes after what was sent before it', async () => {
  const run = start(`${IO}
    io.on('connection', (socket) => {
      console.log('come', socket.id.length, socket.handshake.query.a, { deep: [1] });
      socket.on('join', (room, done) => { socket.join(room); done({ now: io.sockets.adapter.rooms.get(room).size }); });
      socket.on('say', async (text) => { await null; socket.to('blue').emit('said', text); });
    });`);
  await until(() => run.has({ loaded: true }), 'loaded', 10_000);
  run.server.send([open('1', 'socket.io'), open('2', 'socket.io')]);
  for (const socket of ['1', '2'])
    run.server.send([order({ frame: { do: 'event', socket, args: ['join', 'blue'], ack: 0 } })]);
  run.server.send([
    order({ frame: { do: 'event', socket: '1', args: ['say', 'hello ✓'] } }),
    order({ ping: 7 }),
  ]);
  await until(() => run.has({ pong: 7 }), 'the pong');
  expect(run.lines()).toEqual(['come 20 1 {"deep":[1]}', 'come 20 1 {"deep":[1]}']);
  const frames = run.reports.flatMap(({ frame }) => (frame ? [frame] : []));
  expect(frames).toMatchObject([
    { do: 'listens', as: 'socket.io' },
    { do: 'accept', socket: '1' },
    { do: 'accept', socket: '2' },
    { do: 'ack', socket: '1', ack: 0, args: [{ now: 1 }] },
    { do: 'ack', socket: '2', ack: 0, args: [{ now: 2 }] },
    { do: 'event', socket: '2', args: ['said', 'hello ✓'] },
  ]);
  expect(run.reports.at(-1)).toEqual({ pong: 7 });
  run.server.close();
  expect(classroom.health.active).toBe(0);
}, 20_000);

test('a ws server, its timers, and what a runtime has', async () => {
  const run = start(`${WS}
    const bytes = new TextEncoder().encode('grüße 👋');
    console.log(new TextDecoder().decode(bytes), btoa('ab'), atob('YWI='), structuredClone(new Map([[1, { a: [2] }]])).get(1).a[0]);
    console.log(crypto.randomUUID().length, new Set([crypto.randomUUID(), crypto.randomUUID()]).size, new URLSearchParams('?b=c+d').get('b'));
    let count = 0;
    const each = setInterval(() => { if (++count === 3) { clearInterval(each); console.log('three'); } }, 5);
    clearTimeout(setTimeout(() => console.log('never'), 1));
    wss.on('connection', (ws) => ws.on('message', (data, isBinary) => ws.send(isBinary ? data : 'echo ' + data)));`);
  run.server.send([
    open('1', 'ws'),
    order({ frame: { do: 'data', socket: '1', data: 'ü' } }),
    order({ frame: { do: 'data', socket: '1', data: 'AAH/', isBinary: true } }),
  ]);
  await until(() => run.lines().includes('three'), 'three', 10_000);
  expect(run.lines()).toEqual(['grüße 👋 YWI= ab 2', '36 2 c d', 'three']);
  expect(run.has({ do: 'data', socket: '1', data: 'echo ü' })).toBe(true);
  expect(run.has({ do: 'data', socket: '1', data: 'AAH/', isBinary: true })).toBe(true);
  run.server.close();
}, 20_000);

/** What must be ended, and words of its sentence. */
const ended: Record<string, [code: string, words: RegExp]> = {
  'another import': ["import 'node:fs';", /“node:fs” is not there/],
  'a file of ours': ["import '../../src/protocol/classroom/host.ts';", /is not there/],
  'the inside': ["import { fetch } from 'inside.ts';", /is not there/],
  'what does not parse': ['const = 1;', /cannot be loaded/],
  thrown: ["throw new TypeError('mine');", /^TypeError: mine$/],
  'thrown in a listener': [`${WS}wss.on('connection', () => null.x);`, /^TypeError: Cannot read/],
  'thrown in a timer': ["setTimeout(() => { throw 'bare'; }, 1);", /^thrown: bare$/],
  'a promise that nobody catches': ["Promise.reject(new Error('later'));", /^Error: later$/],
  'what throws when it is read': [
    'throw { get name() { throw 1 }, toString() { throw 2 }, toJSON() { throw 3 } };',
    /thrown: \[object/,
  ],
  'an endless loop': ['for (;;) {}', /8 seconds|kept its process busy/],
  'an endless loop later': ['setTimeout(() => { for (;;) {} }, 300);', /kept its process busy/],
  'promises without end': [
    'const again = () => Promise.resolve().then(again); setTimeout(again, 300);',
    /kept its process busy/,
  ],
  'a thread that sleeps': [
    'setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 300);',
    /kept its process busy/,
  ],
  'a heap that fills': ['const all = []; for (;;) all.push({ a: [1, 2, 3] });', /memory/],
  'buffers that fill': [
    'const all = []; for (;;) all.push(new Uint8Array(20_000_000).fill(1));',
    /memory|RangeError/,
  ],
  'one great text': ["let text = 'x'; for (;;) text += text;", /RangeError|memory/],
  'a flood in one task': [
    `${WS}wss.on('connection', (ws) => { for (let n = 0; n < 1e5; n++) ws.send('x'.repeat(10_000)); });`,
    /sent more|process busy/,
  ],
  'a flood in many': [
    `${WS}wss.on('connection', (ws) => setInterval(() => { for (let n = 0; n < 500; n++) ws.send('x'); }, 1));`,
    /sent more/,
  ],
  'one great message': [
    `${WS}wss.on('connection', (ws) => ws.send('x'.repeat(70_000)));`,
    /sent more|not understood/,
  ],
  'what it runs on, changed': [
    "Array.prototype.toJSON = () => 'no'; console.log(1);",
    /changed what it runs on|not understood/,
  ],
};

const quiet = pino({ level: 'silent' });
const patient = new Classroom({ ...rules, limit: 30 }, quiet);
/** For what is ended by its silence: nobody waits longer for that than he must. */
const hasty = new Classroom({ ...rules, limit: 30, startMs: 2_000, silenceMs: 1_000 }, quiet);
afterAll(() => (patient.close(), hasty.close()));

for (const [name, [code, words]] of Object.entries(ended))
  test.concurrent(
    `ended with a sentence: ${name}`,
    async ({ expect }) => {
      const run = start(code, /busy/.test(words.source) ? hasty : patient);
      run.server.send([open('1', 'ws')]);
      await until(() => run.ended !== '', 'the end', 15_000);
      expect(run.ended).toMatch(words);
    },
    20_000,
  );

test('nothing of Node and of the outer realm is within reach', async () => {
  const run = start(
    `
    const say = (name, act) => { try { console.log(name, act()); } catch (error) { console.log(name, 'threw', error instanceof Error); } };
    for (const name of ['process', 'require', 'global', 'fetch', 'WebSocket', 'WebAssembly', 'Buffer', 'module', 'ShadowRealm'])
      say(name, () => typeof globalThis[name]);
    say('eval', () => eval('1'));
    say('Function', () => console.log.constructor('return process')());
    say('async Function', () => (async () => {}).constructor('return process')());
    say('this', () => (function () { return this; })());
    say('realm', () => [console.log, setTimeout, crypto.getRandomValues, globalThis.toString].every((one) => one instanceof Function));
    // The stack is full: what is thrown then must be of this realm, too.
    let odd = 0;
    Error.prepareStackTrace = (error, sites) => { odd += Array.isArray(sites) && sites instanceof Array ? 0 : 1; return 'mine'; };
    const dive = () => { try { dive(); } catch (error) {
      if (!(error instanceof RangeError)) odd++;
      for (const act of [() => console.log, () => new Error('x').stack, () => setTimeout(() => {}, 1), () => eval('1')])
        try { act(); } catch (thrown) { if (!(thrown instanceof Error)) odd++; }
    } };
    dive();
    say('odd', () => odd);
    say('stack', () => typeof new Error('x').stack);
    say('limit', () => { Error.stackTraceLimit = 10; });
  `,
    patient,
  );
  await until(() => run.has({ loaded: true }) || run.ended !== '', 'loaded', 10_000);
  expect(run.ended).toBe('');
  expect(run.lines()).toEqual([
    ...[
      'process',
      'require',
      'global',
      'fetch',
      'WebSocket',
      'WebAssembly',
      'Buffer',
      'module',
      'ShadowRealm',
    ].map((name) => `${name} undefined`),
    'eval threw true',
    'Function threw true',
    'async Function threw true',
    'this undefined',
    'realm true',
    'odd 0',
    'stack undefined',
    'limit threw true',
  ]);
  run.server.close();
}, 20_000);

test('a module cannot be fetched later, however it is written', () => {
  for (const code of [
    "import('fs')",
    "import ('fs')",
    "import/**/('fs')",
    'import\n//\n("fs")',
    '`${import("fs")}`',
    '[...import("fs")]',
    'import.meta.url',
    'import',
  ])
    expect(importsLate(code), code).toBe(true);
  for (const code of [
    "import { a } from 'ws'",
    "import'ws'",
    'import*as a from "ws"',
    'important()',
    'reimport(1)',
    '$import(1)',
    'import_x',
  ])
    expect(importsLate(code), code).toBe(false);
  expect(() => start("import('node:fs')")).toThrow('in front of a package');
});

test('places are few, and off is off', () => {
  const small = new Classroom({ ...rules, limit: 1 }, pino({ level: 'silent' }));
  const run = start(WS, small);
  expect(() => start(WS, small)).toThrow(expect.objectContaining({ code: 'classroom-busy' }));
  run.server.close();
  start(WS, small).server.close();
  const off = new Classroom({ ...rules, limit: 0 }, pino({ level: 'silent' }));
  expect(() => start(WS, off)).toThrow(expect.objectContaining({ code: 'classroom-unavailable' }));
  expect(off.health).toEqual({ state: 'off', active: 0, limit: 0 });
});

test('it is ended when nobody speaks to it, and when it is old', async () => {
  const idle = start(WS, new Classroom({ ...rules, idleMs: 50 }, pino({ level: 'silent' })));
  const old = start(WS, new Classroom({ ...rules, lifeMs: 50 }, pino({ level: 'silent' })));
  await until(() => idle.ended !== '' && old.ended !== '');
  expect([idle.ended, old.ended]).toEqual([
    expect.stringContaining('Nobody has sent'),
    expect.stringContaining('5 minutes'),
  ]);
});

test('the process itself may do nothing, should its realm be reached after all', async () => {
  const child = spawnBare(`
    const tried = {};
    const { getBuiltinModule: get } = process;
    const all = {
      read: () => get('fs').readFileSync('/etc/passwd'),
      write: () => get('fs').writeFileSync('/tmp/peerscope-was-here', ''),
      child: () => get('child_process').spawnSync('true').error?.code,
      thread: () => new (get('worker_threads').Worker)('1', { eval: true }),
      listen: () => new Promise((resolve, reject) => get('net').createServer().once('error', reject).listen(0, resolve)),
      connect: () => new Promise((resolve, reject) => get('net').connect(1, '127.0.0.1').once('error', reject)),
      datagram: () => new Promise((resolve, reject) => get('dgram').createSocket('udp4').once('error', reject).bind(0, resolve)),
      lookup: () => get('dns').promises.lookup('localhost'),
      addon: () => process.dlopen({ exports: {} }, '/none.node'),
      pollute: () => { Object.prototype.a = 1; },
      text: () => Function('1')(),
    };
    for (const [name, act] of Object.entries(all))
      try { tried[name] = String(await act() ?? 'done'); } catch (error) { tried[name] = error.code ?? error.name; }
    console.log(JSON.stringify({ tried, env: Object.keys(process.env), wasm: typeof WebAssembly }));
    process.exit(0);`);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => (text += more));
  await once(child, 'close');
  const { tried, env, wasm } = JSON.parse(text) as {
    tried: Record<string, string>;
    env: string[];
    wasm: string;
  };
  const { pollute, text: evaluated, addon, ...rest } = tried;
  expect([pollute, evaluated, wasm]).toEqual(['TypeError', 'EvalError', 'undefined']);
  expect(addon).toBe('ERR_DLOPEN_DISABLED');
  expect(Object.entries(rest).filter(([, code]) => code !== 'ERR_ACCESS_DENIED')).toEqual([]);
  // The shell that sets the kernel's limits adds where it is.
  expect(env.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name))).toEqual([]);
}, 20_000);
