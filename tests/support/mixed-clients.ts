import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PublishedSection, ServerCandidate } from '../../src/protocol/middlebox.ts';

export interface Colour {
  y: number;
  u: number;
  v: number;
}

interface Point {
  x: number;
  y: number;
}

/** What the process with the participants can be asked; the first argument is whose call it is. */
export interface Calls {
  offer(name: string, toneHz: number, colour: Colour): Promise<{ sdp: string; sections: PublishedSection[] }>;
  answered(name: string, sdp: string): Promise<void>;
  /** Takes the offer of the connection down, in place of the last one; gives the answer. */
  receive(name: string, sdp: string): Promise<string>;
  /** Where the mixer is, for the connection down. */
  find(name: string, candidates: readonly ServerCandidate[]): Promise<void>;
  /** dB of full scale, in the last half second. */
  levels(name: string, frequenciesHz: readonly number[]): Promise<number[]>;
  /** Of the last picture, at places from 0 to 1. */
  colours(name: string, points: readonly Point[]): Promise<(Colour | null)[]>;
  frames(name: string): Promise<number>;
  say(name: string, text: string): Promise<void>;
  sendBytes(name: string, text: string): Promise<void>;
  got(name: string): Promise<string[]>;
  /** From one's first loud sample to the first that another hears, in milliseconds. */
  soundLatency(from: string, to: string): Promise<number>;
  /** From the change of one's picture to the moment another sees it at a place, in milliseconds. */
  pictureLatency(from: string, to: string, point: Point): Promise<number>;
  /** A connection straight from one to another, until the other sees and hears. */
  direct(from: string, to: string): Promise<void>;
  close(name: string): Promise<void>;
}

/** Starts a process for participants; it ends with `close()`. */
export function startMixedClients(): Calls & { pid: number; end(): void } {
  const child = fork(fileURLToPath(new URL('mixed-client.ts', import.meta.url)), [], { execArgv: [] });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', ({ number, value, error }: { number: number; value?: unknown; error?: string }) => {
    const asked = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  const own = { pid: child.pid ?? 0, end: () => child.kill('SIGKILL') };
  return new Proxy(own as Calls & typeof own, {
    get: (target, name: keyof Calls | keyof typeof own) =>
      name in target
        ? target[name]
        : (...args: unknown[]) =>
            new Promise((resolve, reject) => {
              waiting.set(++last, { resolve, reject });
              child.send({ number: last, name, args });
            }),
  });
}
