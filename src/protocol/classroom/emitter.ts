// oxlint-disable-next-line typescript/no-explicit-any -- as in Node: what an event brings is the listener's to know
export type Listener = (...args: any[]) => unknown;

/** The part of Node's `EventEmitter` that servers use, with its rules: in order of adding, and over a copy of the list. */
export class Emitter {
  readonly #listeners = new Map<string, { readonly call: Listener; readonly once: boolean }[]>();

  on(name: string, call: Listener): this {
    return this.#add(name, call, false);
  }

  addListener(name: string, call: Listener): this {
    return this.#add(name, call, false);
  }

  once(name: string, call: Listener): this {
    return this.#add(name, call, true);
  }

  off(name: string, call: Listener): this {
    const list = this.#listeners.get(name) ?? [];
    const place = list.findLastIndex((listener) => listener.call === call);
    if (place >= 0) this.#listeners.set(name, list.toSpliced(place, 1));
    return this;
  }

  removeListener(name: string, call: Listener): this {
    return this.off(name, call);
  }

  removeAllListeners(name?: string): this {
    if (name === undefined) this.#listeners.clear();
    else this.#listeners.delete(name);
    return this;
  }

  listenerCount(name: string): number {
    return this.#listeners.get(name)?.length ?? 0;
  }

  /** Calls who listens; tells whether somebody did. What a listener throws goes to the caller. */
  protected tell(name: string, ...args: unknown[]): boolean {
    const list = this.#listeners.get(name) ?? [];
    for (const { call, once } of list) {
      if (once) this.off(name, call);
      call.apply(this, args);
    }
    return list.length > 0;
  }

  #add(name: string, call: Listener, once: boolean): this {
    if (typeof call !== 'function') throw new TypeError('The "listener" argument must be of type function.');
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), { call, once }]);
    return this;
  }
}
