import { randomBytes } from 'node:crypto';
import { readBindingRequest, writeBindingSuccess } from './stun.ts';

/** A way between one of our sockets and an address of the other agent. */
export interface Path {
  readonly socket: number;
  readonly address: string;
  readonly port: number;
}

export interface Credentials {
  readonly usernameFragment: string;
  readonly password: string;
}

type IceAction =
  | { readonly do: 'answer'; readonly to: Path; readonly bytes: Uint8Array }
  /** From an address that has proved itself. */
  | { readonly do: 'deliver'; readonly bytes: Buffer }
  | { readonly do: 'drop' };

/** As many addresses as one browser may check from: interfaces times relays. */
const MAX_PATHS = 64;

/**
 * The lite half of ICE (RFC 8445 §2.5), without a socket: it has addresses of its own, asks nobody for any, sends no
 * check and resolves no name. It answers checks that carry its password, and talks to nobody else.
 */
export class IceLite {
  /** The latest one last. Of an ICE restart the earlier credentials hold until the new ones are in use. */
  readonly #generations: (Credentials & { remote: string })[] = [];
  readonly #proved = new Set<string>();
  #path: Path | undefined;
  #nominated = false;
  #heardAtMs = -Infinity;

  /**
   * Begins, or begins again (ICE restart): credentials for an agent that calls itself `remote`.
   *
   * @param remote empty while it is not known: no check fits until {@link expect}
   */
  begin(remote: string): Credentials {
    const made = {
      usernameFragment: randomBytes(6).toString('base64url').replace(/[-_]/g, 'x'),
      password: randomBytes(18).toString('base64url').replace(/[-_]/g, 'x'),
      remote,
    };
    this.#generations.splice(0, this.#generations.length - 1);
    this.#generations.push(made);
    return made;
  }

  /** The other agent calls itself so: its answer has come. */
  expect(remote: string): void {
    const latest = this.#generations.at(-1);
    if (latest) latest.remote = remote;
  }

  /** A check of our own was answered there (see `ice-checks.ts`): it is a path, and the one to take. */
  prove(path: Path, nowMs: number): void {
    this.#heardAtMs = nowMs;
    if (this.#proved.size < MAX_PATHS) this.#proved.add(keyOf(path));
    this.#path = path;
    this.#nominated = true;
  }

  /** Where to send: the nominated path, before that the latest one that was checked. */
  get path(): Path | undefined {
    return this.#path;
  }

  /** When the last check came: consent to go on sending (RFC 7675). */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  receive(bytes: Buffer, from: Path, nowMs: number): IceAction {
    // Among STUN, DTLS and RTP the first byte tells (RFC 7983 §7).
    if ((bytes[0] ?? 255) > 3) return { do: this.#proved.has(keyOf(from)) ? 'deliver' : 'drop', bytes };
    const request = readBindingRequest(bytes);
    const owner = this.#generations.find(
      ({ usernameFragment, remote }) =>
        remote !== '' && request?.username === `${usernameFragment}:${remote}`,
    );
    if (!request || !owner || !request.isFrom(owner.password)) return { do: 'drop' };
    this.#heardAtMs = nowMs;
    if (this.#proved.size < MAX_PATHS) this.#proved.add(keyOf(from));
    if (!this.#proved.has(keyOf(from))) return { do: 'drop' };
    if (request.useCandidate || !this.#nominated) this.#path = from;
    this.#nominated ||= request.useCandidate;
    return { do: 'answer', to: from, bytes: writeBindingSuccess(request, from, owner.password) };
  }
}

function keyOf({ socket, address, port }: Path): string {
  return `${socket} ${address} ${port}`;
}
