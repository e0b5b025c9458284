import type { Field } from '../../../rtc/stun/explain.ts';

/** A field, how deep it stands in others, and its place in the list of all. */
export interface PlacedField {
  readonly field: Field;
  readonly depth: number;
}

/** All fields from the first byte to the last, each before what it is made of. */
export function placed(fields: readonly Field[], depth = 0): PlacedField[] {
  return fields.flatMap((field) => [{ field, depth }, ...placed(field.parts, depth + 1)]);
}

/** Index of the narrowest field that a byte belongs to; of two equally wide ones the outer. −1 when there is none. */
export function fieldAt(fields: readonly PlacedField[], byte: number): number {
  let best = -1;
  for (const [index, { field }] of fields.entries()) {
    if (byte < field.start || byte >= field.end) continue;
    const known = fields[best]?.field;
    if (!known || field.end - field.start < known.end - known.start) best = index;
  }
  return best;
}

/** A byte as the hex view shows it: its two digits, and its letter where it has one. */
export function shown(byte: number): { readonly digits: string; readonly letter: string } {
  const isLetter = byte >= 0x20 && byte < 0x7f;
  return {
    digits: byte.toString(16).padStart(2, '0'),
    letter: isLetter ? String.fromCharCode(byte) : '·',
  };
}
