import type { KeyAndCertificate } from '../certificate.ts';
import { codeOf } from '../error-code.ts';
import type { LocalAddress } from './addresses.ts';
import type { Door, Entrance } from './door.ts';
import { openTcp } from './tcp.ts';
import { openUdp } from './udp.ts';

/** One of our addresses, open for UDP and TCP at the same port. */
export interface Place extends LocalAddress {
  readonly port: number;
  /** 0: no TLS. */
  readonly tlsPort: number;
}

interface OpenPlace extends Place {
  readonly entrances: readonly Entrance[];
}

export interface PortWishes {
  /** 0 takes any. */
  readonly port: number;
  readonly tlsPort: number;
}

/** How many ports behind a taken one are tried, before any free one is taken. */
const STEPS = 20;

/** The open ports of this machine, following its addresses as they come and go. */
export class Places {
  readonly #wishes: PortWishes;
  readonly #door: Door;
  readonly #certificate: KeyAndCertificate | undefined;
  readonly #open = new Map<string, OpenPlace>();
  #closed = false;
  #port = 0;

  /** @param certificate with one there is TLS too */
  constructor(wishes: PortWishes, door: Door, certificate?: KeyAndCertificate) {
    this.#wishes = wishes;
    this.#door = door;
    this.#certificate = certificate;
  }

  /** In the order of the addresses. */
  get all(): readonly Place[] {
    return [...this.#open.values()];
  }

  /** The port that most of them have; 0 before {@link open}. */
  get port(): number {
    return this.#port;
  }

  /**
   * Opens the same port at every address: the one that is wished, or one of the next that is free at all of them.
   *
   * @throws the system's error when there is no address, or nothing can be opened
   */
  async open(addresses: readonly LocalAddress[]): Promise<void> {
    const { port } = this.#wishes;
    const ports =
      port === 0 ? [] : Array.from({ length: STEPS }, (_, i) => port + i).filter((p) => p < 65_536);
    for (const wished of [...ports, 0]) {
      try {
        await this.#openAll(addresses, wished);
        break;
      } catch (error) {
        this.#closeAll();
        if (wished === 0) throw error;
      }
    }
    if (this.#closed) this.#closeAll();
  }

  /** Opens at addresses that have come, closes at those that have gone. What cannot be opened is tried the next time. */
  async follow(addresses: readonly LocalAddress[]): Promise<void> {
    for (const [address, place] of this.#open) {
      if (addresses.some((local) => local.address === address)) continue;
      this.#open.delete(address);
      closePlace(place);
    }
    for (const local of addresses) {
      if (this.#closed || this.#open.has(local.address)) continue;
      const place = await this.#openAt(local, this.#port).catch(() =>
        this.#openAt(local, 0).catch(() => undefined),
      );
      if (!place) continue;
      if (this.#closed) closePlace(place);
      else this.#open.set(local.address, place);
    }
    this.#sort(addresses);
  }

  tick(nowMs: number): void {
    for (const { entrances } of this.#open.values()) for (const entrance of entrances) entrance.tick(nowMs);
  }

  close(): void {
    this.#closed = true;
    this.#closeAll();
  }

  async #openAll(addresses: readonly LocalAddress[], wished: number): Promise<void> {
    let port = wished;
    for (const local of addresses) {
      let place: OpenPlace;
      try {
        place = await this.#openAt(local, port);
      } catch (error) {
        // An address may go between being listed and being opened; IPv6 may be switched off.
        if (codeOf(error) !== 'EADDRINUSE') continue;
        if (wished !== 0 || port === 0) throw error;
        place = await this.#openAt(local, 0);
      }
      this.#open.set(local.address, place);
      port ||= place.port;
    }
    if (this.#open.size === 0) throw new Error('no address of this machine can be opened');
    this.#port = port;
  }

  async #openAt(local: LocalAddress, wished: number): Promise<OpenPlace> {
    for (let left = STEPS; ; left -= 1) {
      try {
        return await this.#openPortAt(local, wished);
      } catch (error) {
        // The port that is free for UDP may be taken for TCP: another one, then.
        if (wished !== 0 || codeOf(error) !== 'EADDRINUSE' || left === 0) throw error;
      }
    }
  }

  async #openPortAt(local: LocalAddress, wished: number): Promise<OpenPlace> {
    const { tlsPort } = this.#wishes;
    const certificate = this.#certificate;
    const entrances: Entrance[] = [];
    try {
      const udp = await openUdp(local.address, wished, this.#door);
      entrances.push(udp, await openTcp(local.address, udp.port, this.#door));
      const tls = certificate && (await this.#openTls(local.address, tlsPort, certificate));
      if (tls) entrances.push(tls);
      return { ...local, port: udp.port, tlsPort: tls?.port ?? 0, entrances };
    } catch (error) {
      for (const entrance of entrances) entrance.close();
      throw error;
    }
  }

  async #openTls(address: string, wished: number, certificate: KeyAndCertificate): Promise<Entrance> {
    const ports = wished === 0 ? [] : Array.from({ length: STEPS }, (_, i) => wished + i);
    for (const port of ports) {
      try {
        return await openTcp(address, port, this.#door, certificate);
      } catch (error) {
        if (codeOf(error) !== 'EADDRINUSE') throw error;
      }
    }
    return openTcp(address, 0, this.#door, certificate);
  }

  #sort(addresses: readonly LocalAddress[]): void {
    for (const { address } of addresses) {
      const place = this.#open.get(address);
      if (!place) continue;
      this.#open.delete(address);
      this.#open.set(address, place);
    }
  }

  #closeAll(): void {
    for (const place of this.#open.values()) closePlace(place);
    this.#open.clear();
  }
}

function closePlace({ entrances }: OpenPlace): void {
  for (const entrance of entrances) entrance.close();
}
