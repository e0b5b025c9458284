/** How much louder somebody must be than the one before to take its place, in dB: places do not change with each word. */
const LOUDER_DB = 3;
/** Quieter than this nobody speaks, in dBov. */
const SPEECH_DBOV = -50;
/** The share of a new level in the smoothed one, each time of {@link Levels.tick}. */
const RISE = 0.5;
const FALL = 0.1;

/** Who speaks: a list of all, the loudest first. Those who are silent keep their places, and so the last who spoke. */
export class Levels<Id> {
  #order: { readonly id: Id; level: number }[] = [];

  /** @param levels of all there are, dBov (RFC 6464), since the last time; called at a steady pace, ten times a second */
  tick(levels: ReadonlyMap<Id, number>): void {
    this.#order = this.#order.filter(({ id }) => levels.has(id));
    const known = new Set(this.#order.map(({ id }) => id));
    for (const [id, level] of levels) if (!known.has(id)) this.#order.push({ id, level });
    for (const one of this.#order) {
      const level = levels.get(one.id)!;
      one.level += (level - one.level) * (level > one.level ? RISE : FALL);
    }
    // One pass from the end: whoever is loudest rises past all that are not as loud.
    for (let at = this.#order.length - 1; at > 0; at--) {
      const [before, one] = [this.#order[at - 1]!, this.#order[at]!];
      if (one.level > SPEECH_DBOV && one.level > before.level + LOUDER_DB)
        [this.#order[at - 1], this.#order[at]] = [one, before];
    }
  }

  get order(): readonly Id[] {
    return this.#order.map(({ id }) => id);
  }
}
