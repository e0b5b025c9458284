import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mixKept } from '../../src/protocol/middlebox.ts';
import type { RoomId } from '../../src/protocol/signaling.ts';
import { sendText } from '../http/headers.ts';
import { Refusal } from '../signaling/refusal.ts';

export interface RecordingRules {
  /** How long a finished one can be fetched. */
  readonly keptMs: number;
  /** Kept at a time, those of all rooms together. */
  readonly most: number;
  /** Kept of one room; the oldest gives way. */
  readonly mostOfRoom: number;
  /** The disk has to have so much free before one begins. */
  readonly freeBytes: number;
}

export const recordingRules: RecordingRules = {
  keptMs: mixKept.ms,
  most: 8,
  mostOfRoom: mixKept.ofRoom,
  freeBytes: 1_000_000_000,
};

interface Kept {
  readonly room: RoomId;
  readonly path: string;
  readonly begun: Date;
  /** Undefined while it is being written. */
  expiry: NodeJS.Timeout | undefined;
}

/** All that names a file is made here: a name for the disk, and another one, which nobody can guess, for whom it is for. */
const FILE = /^[0-9a-f]{32}\.webm$/;
const LINK = /^\/mixes\/([A-Za-z0-9_-]{43})$/;

/** Recordings of mixes: files that can be fetched for a while by whoever was given the link. */
export class Recordings {
  readonly #folder: string;
  readonly #rules: RecordingRules;
  readonly #kept = new Map<string, Kept>();
  #isClosed = false;

  constructor(stateDir: string, rules: RecordingRules = recordingRules) {
    this.#folder = join(stateDir, 'mixes');
    this.#rules = rules;
  }

  /** Makes the folder, and deletes what an earlier start has left: nobody has a link to it any more. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const left = (await readdir(this.#folder)).filter((name) => FILE.test(name));
    await Promise.all(left.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  /**
   * A file for a recording, empty and readable by its owner only.
   *
   * @throws {Refusal} `middlebox-full`, `middlebox-unavailable`
   */
  async begin(room: RoomId): Promise<{ token: string; path: string }> {
    const ofRoom = [...this.#kept].filter(([, kept]) => kept.room === room && kept.expiry);
    if (ofRoom.length >= this.#rules.mostOfRoom) await this.drop(ofRoom[0]![0]);
    if (this.#kept.size >= this.#rules.most)
      throw new Refusal('middlebox-full', `${this.#rules.most} recordings are kept, no more at a time`);
    const token = randomBytes(32).toString('base64url');
    const path = join(this.#folder, `${randomBytes(16).toString('hex')}.webm`);
    this.#kept.set(token, { room, path, begun: new Date(), expiry: undefined });
    try {
      const { bavail, bsize } = await statfs(this.#folder);
      if (bavail * bsize < this.#rules.freeBytes)
        throw new Refusal('middlebox-full', 'the disk of this server has no room for a recording');
      await (await open(path, 'wx', 0o600)).close();
    } catch (error) {
      this.#kept.delete(token);
      if (error instanceof Refusal) throw error;
      throw new Refusal('middlebox-unavailable', 'the state folder of this server cannot be written');
    }
    return { token, path };
  }

  /** It is complete. @returns where it is fetched */
  finish(token: string): string | undefined {
    const kept = this.#kept.get(token);
    if (!kept || this.#isClosed) return undefined;
    kept.expiry = setTimeout(() => void this.drop(token), this.#rules.keptMs).unref();
    return `/mixes/${token}`;
  }

  /** Deletes it. */
  async drop(token: string): Promise<void> {
    const kept = this.#kept.get(token);
    this.#kept.delete(token);
    clearTimeout(kept?.expiry);
    if (kept) await rm(kept.path, { force: true });
  }

  /** Answers a request for a recording; false: it is for something else. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    if (!path.startsWith('/mixes/')) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(response, 405, 'This is read with GET.');
      return true;
    }
    const kept = this.#kept.get(LINK.exec(path)?.[1] ?? '');
    if (kept?.expiry) void send(kept, request, response);
    else sendText(response, 404, 'There is no such recording, or it was deleted: each is kept for an hour.');
    return true;
  }

  close(): void {
    this.#isClosed = true;
    for (const token of this.#kept.keys()) void this.drop(token);
  }
}

async function send({ path, begun }: Kept, request: IncomingMessage, response: ServerResponse) {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    const name = `mix-${begun.toISOString().slice(0, 16).replaceAll(':', '-')}.webm`;
    response.setHeader('Content-Type', 'video/webm');
    response.setHeader('Content-Length', size);
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'HEAD') {
      await file.close();
      response.end();
    } else await pipeline(createReadStream('', { fd: file }), response);
  } catch {
    // Deleted meanwhile, or whoever fetched it has gone.
    if (response.headersSent) response.destroy();
    else sendText(response, 404, 'The recording was deleted.');
  }
}
