/**
 * The thread in which a learner's server runs. It may run modules from `blob:` and nothing else: its policy lets it
 * reach no network (`server/http/csp.ts`). The page ends it from outside when it does not answer.
 */
import { Host } from '../../protocol/classroom/host.ts';
import { GUARD } from '../exercise/guard.ts';
import { Endless, explain, takeConsole, watchForEnd, type Output } from '../exercise/realm.ts';
import type { Import, Order, Report } from './orders.ts';

const PACKAGES = '__packages';

const tell = (report: Report) => postMessage(report);
const watch = watchForEnd();
const host = new Host((frame) => tell({ frame }));
let script = '';
let isOver = false;

function end(output: Output): void {
  if (isOver) return;
  isOver = true;
  tell({ ended: output });
}

/** As in Node: what nobody catches ends the server. */
function fail(thrown: unknown): void {
  if (!(thrown instanceof Endless)) end(explain(thrown, script));
}

const LOOP = 'The server kept its thread busy for more than a second without a pause, and was stopped.';
watch.endless.addEventListener('abort', () => {
  const line = watch.endless.reason as number;
  end({ level: 'error', text: LOOP, line });
});
takeConsole((output) => tell({ output }));
Object.assign(globalThis, { [GUARD]: watch.stillAlive, [PACKAGES]: host.packages });

addEventListener('error', (event) => {
  event.preventDefault();
  const { error, message, lineno } = event;
  if (error) fail(error);
  else end({ level: 'error', text: message.replace(/^Uncaught /, ''), ...(lineno > 0 && { line: lineno }) });
});
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  fail(event.reason);
});

/** The code with the address of a module of ours in place of the name of each package. */
function bound(code: string, imports: readonly Import[]): string {
  let text = '';
  let at = 0;
  for (const { name, from, to } of imports) {
    const names = Object.keys(host.packages[name as keyof typeof host.packages]);
    const main = name === 'ws' ? `;export default all.WebSocket` : '';
    const module = `const all=globalThis.${PACKAGES}['${name}'];export const {${names.join(',')}}=all${main}`;
    text += `${code.slice(at, from)}'${urlOf(module)}'`;
    at = to;
  }
  return text + code.slice(at);
}

const urlOf = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));

async function load(code: string, imports: readonly Import[]): Promise<void> {
  script = urlOf(bound(code, imports));
  try {
    await import(/* @vite-ignore */ script);
    tell({ loaded: true });
  } catch (error) {
    fail(error);
  }
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  if (isOver) return;
  if ('load' in data) void load(data.load, data.imports);
  // In a later task: what the code has promised itself comes first.
  else if ('ping' in data) setTimeout(() => tell({ pong: data.ping }));
  else
    try {
      host.receive(data.frame);
    } catch (error) {
      fail(error);
    }
});
