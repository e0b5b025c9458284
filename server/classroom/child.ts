/**
 * The process in which a learner's server runs on this site. It is started by `classroom.ts` without any permission: no
 * file, no network, no thread, no process, and with the pipes of its input and output only.
 *
 * The learner's module is evaluated in a context of its own, and so is everything that it can see (`inside.ts`). Nothing
 * of this file is handed in: functions of the inside are called with text and numbers, and give text.
 */
import { randomBytes } from 'node:crypto';
import { constants, createContext, type Module, SourceTextModule } from 'node:vm';
import type { FromChild, Load, ToChild } from './messages.ts';

interface Inside {
  receive(order: string): void;
  answer(): void;
  fire(timer: number): void;
  fail(thrown: unknown): void;
  fetch(random: string): string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  ws: `import { packages } from 'inside.ts';
    export const { WebSocket, WebSocketServer } = packages.ws;
    export default WebSocket;`,
  'socket.io': `import { packages } from 'inside.ts';
    export const { Server, Socket } = packages['socket.io'];`,
};

const { stdin, stdout } = process;
const exit = process.exit.bind(process);
// A second layer, should something of this realm be reached after all.
for (const name of [
  'kill',
  '_kill',
  'abort',
  'binding',
  '_linkedBinding',
  'dlopen',
  'execve',
  'getBuiltinModule',
  'chdir',
  'umask',
  'setuid',
  'setgid',
  'seteuid',
  'setegid',
  'setgroups',
  'initgroups',
  '_debugProcess',
  '_debugEnd',
  'loadEnvFile',
  'report',
  'mainModule',
])
  Reflect.deleteProperty(process, name);

let inside: Inside | undefined;
let randomWanted = 0;
let isOver = false;

const write = (message: FromChild) => stdout.write(`${JSON.stringify(message)}\n`);

function end(text: string): void {
  if (isOver) return;
  isOver = true;
  stdout.write(`${JSON.stringify({ ended: text } satisfies FromChild)}\n`, () => exit(0));
}

/** What of the inside's wishes can be read; it has been in the hands of the learner's code. */
interface Wishes {
  readonly said?: readonly unknown[];
  readonly timers?: readonly (readonly unknown[])[];
  readonly random?: unknown;
  readonly ended?: unknown;
}

/** Takes out what the inside has put down, after its promises have had their turn. */
function drain(): void {
  if (!inside || isOver) return;
  try {
    const text: unknown = inside.fetch(randomWanted > 0 ? randomBytes(randomWanted).toString('hex') : '');
    const wishes = JSON.parse(typeof text === 'string' ? text : '{}') as Wishes;
    const said = (wishes.said ?? []).filter((one) => typeof one === 'string');
    if (said.length > 0) write({ said });
    for (const [id, ms] of wishes.timers ?? []) {
      if (typeof id === 'number' && typeof ms === 'number')
        setTimeout(() => enter(() => inside?.fire(id)), ms);
    }
    randomWanted = Math.min(8_192, Math.max(0, Number(wishes.random) || 0));
    if (typeof wishes.ended === 'string') end(wishes.ended);
  } catch {
    end('The server changed what it runs on, and was stopped.');
  }
}

/** Lets the inside do something, and looks afterwards what came of it. */
function enter(act: () => void): void {
  try {
    act();
  } catch {
    end('The server went on until its stack was full, and was stopped.');
  }
  setImmediate(drain);
}

async function load({ code, modules }: Load): Promise<void> {
  const context = createContext(constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
  });
  const made = new Map<string, Module>();
  const moduleOf = (name: string, text: string | undefined) => {
    if (text === undefined) throw new Error(`“${name}” is not there.`);
    const module = made.get(name) ?? new SourceTextModule(text, { context, identifier: name });
    made.set(name, module);
    return module;
  };
  const within = (specifier: string) => {
    const name = specifier.split('/').at(-1) ?? '';
    return moduleOf(name, Object.hasOwn(modules, name) ? modules[name] : undefined);
  };
  const room = within('inside.ts');
  await room.link(within);
  await room.evaluate();
  inside = room.namespace as unknown as Inside;
  drain();
  drain(); // the random bytes that the first one was asked for
  const learner = new SourceTextModule(code, { context, identifier: 'server' });
  await learner.link((specifier, from) => {
    if (from !== learner) return within(specifier);
    return moduleOf(specifier, Object.hasOwn(PACKAGES, specifier) ? PACKAGES[specifier] : undefined);
  });
  isLinked = true;
  await learner.evaluate();
}

let isLinked = false;

function loaded(): void {
  setImmediate(() => {
    drain();
    if (!isOver) write({ loaded: true });
  });
}

/** Of an error that this realm has made: nothing of the learner's has run. */
const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'It could not be loaded.');

function hear(message: ToChild): void {
  if ('load' in message)
    void load(message.load)
      .then(loaded, (error: unknown) => {
        if (isLinked) failed(error);
        else end(`The code cannot be loaded: ${messageOf(error)}`);
      })
      .then(() => setImmediate(next)); // what came meanwhile is heard when the code has run
  else if ('order' in message) enter(() => inside?.receive(message.order));
  // Later than the timers that are due: what the code has promised itself comes first.
  else setTimeout(() => (drain(), isOver || write({ beat: message.beat })), 1);
}

// The page's pings are answered when nothing else is to be done.
function answer(): void {
  setTimeout(() => enter(() => inside?.answer()), 1);
}

/** As in Node: what nobody catches ends the server. An error of this realm is none of the learner's, and is not handed in. */
function failed(thrown: unknown): void {
  if (thrown instanceof Error) end('The server did what it cannot do here, and was stopped.');
  else enter(() => inside?.fail(thrown));
}

process.on('unhandledRejection', failed);
process.on('uncaughtException', () => end('The server failed in a way that it should not be able to.'));

let rest = '';
const lines: string[] = [];
let isReading = false;

/** One line in each turn, as messages come to a port: promises have their turn in between. */
function next(): void {
  const line = lines.shift();
  isReading = line !== undefined;
  if (line === undefined) return answer();
  const message = JSON.parse(line) as ToChild;
  hear(message);
  if (!('load' in message)) setImmediate(next);
}

stdin.setEncoding('utf8');
stdin.on('data', (text: string) => {
  const parts = (rest + text).split('\n');
  rest = parts.pop() ?? '';
  lines.push(...parts);
  if (!isReading) {
    isReading = true;
    setImmediate(next);
  }
});
stdin.on('end', () => exit(0));
