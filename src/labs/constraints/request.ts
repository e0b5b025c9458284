/** The properties that the bench has a slider for, in the order of its rows. */
export const properties = ['width', 'height', 'aspectRatio', 'frameRate'] as const;
export type Property = (typeof properties)[number];

export const keywords = ['none', 'ideal', 'exact', 'min', 'max'] as const;
export type Keyword = (typeof keywords)[number];

/** One row: with which keyword, and which number. */
export interface Field {
  readonly keyword: Keyword;
  readonly value: number;
}
export type Fields = Readonly<Record<Property, Field>>;

export const untouched: Fields = {
  width: { keyword: 'none', value: 640 },
  height: { keyword: 'none', value: 360 },
  aspectRatio: { keyword: 'none', value: 1.78 },
  frameRate: { keyword: 'none', value: 30 },
};

/** From where to where each slider goes. Farther than cameras do: being refused is part of it. */
export const ranges: Readonly<Record<Property, { min: number; max: number; step: number; unit: string }>> = {
  width: { min: 160, max: 4000, step: 16, unit: 'px' },
  height: { min: 90, max: 2250, step: 9, unit: 'px' },
  aspectRatio: { min: 0.5, max: 3, step: 0.01, unit: '' },
  frameRate: { min: 1, max: 60, step: 1, unit: 'a second' },
};

/** Sizes with a name, from the smallest of a webcam to the largest that a codec knows. */
export const sizes = [
  ['QVGA', 320, 240],
  ['VGA', 640, 480],
  ['HD', 1280, 720],
  ['Full HD', 1920, 1080],
  ['4K', 3840, 2160],
  ['8K', 7680, 4320],
] as const;

/** What the rows ask for, as `applyConstraints()` takes it. */
export function toConstraints(fields: Fields): MediaTrackConstraints {
  return Object.fromEntries(
    properties.flatMap((name) => {
      const { keyword, value } = fields[name];
      return keyword === 'none' ? [] : [[name, { [keyword]: value }]];
    }),
  );
}

/** Width and height, exactly. */
export const exactly = (width: number, height: number): Fields => ({
  ...untouched,
  width: { keyword: 'exact', value: width },
  height: { keyword: 'exact', value: height },
});

/** A constraint, a capability or a setting in a few words: `exact 640`, `1 – 1920`, `640`. */
export function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value === 'object') {
    const { min, max } = value as { min?: number; max?: number };
    if (typeof min === 'number' && typeof max === 'number') return `${wordsOf(min)} – ${wordsOf(max)}`;
    return Object.entries(value)
      .map(([keyword, one]) => `${keyword} ${wordsOf(one)}`)
      .join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The same as code, a property a line. */
export function codeOf(fields: Fields): string {
  const lines = properties.flatMap((name) => {
    const { keyword, value } = fields[name];
    return keyword === 'none' ? [] : [`  ${name}: { ${keyword}: ${value} },`];
  });
  return lines.length === 0 ? '{}' : ['{', ...lines, '}'].join('\n');
}
