/** Events with their payloads, typed by a table. A handler that throws does not keep the others from hearing. */
export class Emitter<Events> {
  readonly #handlers = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Calls `handler` from now on; what is returned ends that. */
  readonly on = <E extends keyof Events>(event: E, handler: (payload: Events[E]) => void): (() => void) => {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    return () => void handlers.delete(handler);
  };

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const handler of this.#handlers.get(event) ?? [])
      try {
        (handler as (payload: Events[E]) => void)(payload);
      } catch (error) {
        reportError(error);
      }
  }
}
