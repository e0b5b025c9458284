/** What a camera can be set to. */
export interface CameraMode {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames a second, at most. */
  readonly frameRate: number;
}

/** A camera as the algorithm sees it. */
export interface CameraModel {
  readonly deviceId: string;
  readonly groupId: string;
  readonly label: string;
  /** Which way it looks; left out where that makes no sense. */
  readonly facingMode?: 'user' | 'environment';
  /** What it gives by itself. Smaller pictures are cut out of these and scaled down. */
  readonly modes: readonly [CameraMode, ...CameraMode[]];
}

export interface CameraSettings extends CameraMode {
  readonly aspectRatio: number;
  readonly resizeMode: 'none' | 'crop-and-scale';
  readonly deviceId: string;
  readonly groupId: string;
  readonly facingMode?: 'user' | 'environment';
}

/** What came of a request: settings, or the constraint that nothing satisfies (empty when it takes several of them). */
export type Selected =
  | { readonly ok: true; readonly settings: CameraSettings; readonly distance: number }
  | { readonly ok: false; readonly constraint: string };

/** The constraints that a drawn camera knows; others are ignored, as the standard has it. */
export const supported = [
  'width',
  'height',
  'aspectRatio',
  'frameRate',
  'facingMode',
  'resizeMode',
  'deviceId',
  'groupId',
] as const;
type Name = (typeof supported)[number];

/** Pixels; less can neither be seen nor read by a program. */
const SMALLEST = { width: 160, height: 90 } as const;
/** What is nearest to it is taken when nobody asks for a size. */
const USUAL = { width: 640, height: 480, frameRate: 30 } as const;
/** Two ratios that differ by less are the same: 853 × 480 is 16:9. */
const RATIO_SLACK = 0.01;

/**
 * Chooses a camera's settings for constraints, as mediacapture-main §11.1.1 (SelectSettings) describes it: what is
 * required rules out, what is ideal makes a distance, `advanced` sets are applied in their order where they can be.
 */
export function selectSettings(camera: CameraModel, constraints: MediaTrackConstraints): Selected {
  const { advanced = [], ...basic } = constraints;
  let left = candidatesOf(camera, [basic, ...advanced]);
  for (const name of supported) {
    const kept = left.filter((settings) =>
      Number.isFinite(distanceOf(settings, name, of(basic, name), 'ideal')),
    );
    if (kept.length === 0) return { ok: false, constraint: name };
    left = kept;
  }
  for (const set of advanced) {
    const kept = left.filter((settings) =>
      supported.every((name) => Number.isFinite(distanceOf(settings, name, of(set, name), 'exact'))),
    );
    if (kept.length > 0) left = kept;
  }
  const ranked = left
    .map((settings) => ({ settings, distance: fitness(settings, basic), usual: fitness(settings, USUAL) }))
    .toSorted(
      (a, b) =>
        a.distance - b.distance || cuts(a.settings, camera) - cuts(b.settings, camera) || a.usual - b.usual,
    );
  const [best] = ranked;
  return best
    ? { ok: true, settings: best.settings, distance: best.distance }
    : { ok: false, constraint: '' };
}

/** The settings that are nearest among all cameras; the first one's refusal when none can do it. */
export function selectCamera<M extends CameraModel>(
  cameras: readonly M[],
  constraints: MediaTrackConstraints,
): (Extract<Selected, { ok: true }> & { readonly camera: M }) | Extract<Selected, { ok: false }> {
  const tried = cameras.map((camera) => ({ camera, selected: selectSettings(camera, constraints) }));
  const able = tried.flatMap(({ camera, selected }) => (selected.ok ? [{ ...selected, camera }] : []));
  const [best] = able.toSorted((a, b) => a.distance - b.distance);
  if (best) return best;
  const refusals = tried.flatMap(({ selected }) => (selected.ok ? [] : [selected]));
  // The camera that came furthest names what is impossible: one that is not meant says `deviceId`.
  return (
    refusals.find(({ constraint }) => constraint !== 'deviceId' && constraint !== 'groupId') ??
    refusals[0] ?? { ok: false, constraint: '' }
  );
}

/** What the browser would tell with `getCapabilities()`. */
export function capabilitiesOf({
  modes,
  deviceId,
  groupId,
  facingMode,
}: CameraModel): MediaTrackCapabilities & { resizeMode: string[] } {
  const largest = (key: keyof CameraMode) => Math.max(...modes.map((mode) => mode[key]));
  const [width, height] = [largest('width'), largest('height')];
  return {
    width: { min: SMALLEST.width, max: width },
    height: { min: SMALLEST.height, max: height },
    aspectRatio: { min: SMALLEST.width / height, max: width / SMALLEST.height },
    frameRate: { min: 1, max: largest('frameRate') },
    facingMode: facingMode ? [facingMode] : [],
    resizeMode: ['none', 'crop-and-scale'],
    deviceId,
    groupId,
  };
}

/** A picture as it is wins over one that is smaller, and that over one of which something is cut off. */
const cuts = ({ resizeMode, aspectRatio }: CameraSettings, { modes }: CameraModel): number => {
  if (resizeMode === 'none') return 0;
  return modes.some(({ width, height }) => same('aspectRatio', width / height, aspectRatio)) ? 1 : 2;
};

function fitness(settings: CameraSettings, constraints: MediaTrackConstraints): number {
  return supported.reduce((sum, name) => sum + distanceOf(settings, name, of(constraints, name), 'ideal'), 0);
}

/**
 * Fitness distance of one setting (mediacapture-main §11.1.1): `Infinity` where it is ruled out, else 0 … 1.
 *
 * @param bare what a value without a keyword means: `ideal`, in an `advanced` set `exact`
 */
function distanceOf(
  settings: CameraSettings,
  name: Name,
  constraint: unknown,
  bare: 'ideal' | 'exact',
): number {
  if (constraint === undefined) return 0;
  const actual = settings[name];
  const wish = isWish(constraint) ? constraint : { [bare]: constraint };
  const isOne = (values: unknown) => [values].flat().some((value) => same(name, actual, value));
  if (wish.exact !== undefined && !isOne(wish.exact)) return Infinity;
  if (typeof actual === 'number') {
    if (wish.min !== undefined && actual < wish.min) return Infinity;
    if (wish.max !== undefined && actual > wish.max) return Infinity;
  }
  if (wish.ideal === undefined || isOne(wish.ideal)) return 0;
  if (typeof actual === 'number' && typeof wish.ideal === 'number')
    return Math.abs(actual - wish.ideal) / Math.max(Math.abs(actual), Math.abs(wish.ideal));
  return 1;
}

/** `resizeMode` is in the standard and not yet in TypeScript's types. */
const of = (set: MediaTrackConstraintSet, name: Name): unknown => Reflect.get(set, name);

interface Wish {
  readonly exact?: unknown;
  readonly ideal?: unknown;
  readonly min?: number;
  readonly max?: number;
}

const isWish = (constraint: unknown): constraint is Wish =>
  typeof constraint === 'object' && constraint !== null && !Array.isArray(constraint);

const same = (name: Name, actual: unknown, wanted: unknown): boolean =>
  name === 'aspectRatio' && typeof actual === 'number' && typeof wanted === 'number'
    ? Math.abs(actual - wanted) < RATIO_SLACK
    : actual === wanted;

/** The modes as they are, and cuts of them towards what the sets mention. */
function candidatesOf(camera: CameraModel, sets: readonly MediaTrackConstraintSet[]): CameraSettings[] {
  const { deviceId, groupId, facingMode } = camera;
  const made = new Map<string, CameraSettings>();
  const add = (mode: CameraMode, native: CameraMode) => {
    const isCut =
      mode.width !== native.width || mode.height !== native.height || mode.frameRate !== native.frameRate;
    const settings: CameraSettings = {
      ...mode,
      aspectRatio: mode.width / mode.height,
      resizeMode: isCut ? 'crop-and-scale' : 'none',
      deviceId,
      groupId,
      ...(facingMode && { facingMode }),
    };
    const key = `${mode.width} ${mode.height} ${mode.frameRate}`;
    if (!made.has(key) || !isCut) made.set(key, settings);
  };
  for (const native of camera.modes) {
    add(native, native);
    const rates = new Set(
      [native.frameRate, ...mentioned(sets, 'frameRate')].map((rate) => within(rate, 1, native.frameRate)),
    );
    const widths = mentioned(sets, 'width').map((width) =>
      Math.round(within(width, SMALLEST.width, native.width)),
    );
    const heights = mentioned(sets, 'height').map((height) =>
      Math.round(within(height, SMALLEST.height, native.height)),
    );
    const ratios = [native.width / native.height, ...mentioned(sets, 'aspectRatio')];
    for (const frameRate of rates) {
      add({ ...native, frameRate }, native);
      for (const { width, height } of sizes(native, widths, heights, ratios))
        add({ width, height, frameRate }, native);
    }
  }
  return [...made.values()];
}

function sizes(
  native: CameraMode,
  widths: readonly number[],
  heights: readonly number[],
  ratios: readonly number[],
): { width: number; height: number }[] {
  const fits = ({ width, height }: { width: number; height: number }) =>
    width >= SMALLEST.width && height >= SMALLEST.height && width <= native.width && height <= native.height;
  return [
    ...widths.flatMap((width) => [
      { width, height: native.height },
      ...heights.map((height) => ({ width, height })),
      ...ratios.map((ratio) => ({ width, height: Math.round(width / ratio) })),
    ]),
    ...heights.flatMap((height) => [
      { width: native.width, height },
      ...ratios.map((ratio) => ({ width: Math.round(height * ratio), height })),
    ]),
    ...ratios.flatMap((ratio) => [
      { width: native.width, height: Math.round(native.width / ratio) },
      { width: Math.round(native.height * ratio), height: native.height },
    ]),
  ].filter(fits);
}

/** Every number that is said about a property, whatever its keyword. */
function mentioned(
  sets: readonly MediaTrackConstraintSet[],
  name: 'width' | 'height' | 'aspectRatio' | 'frameRate',
): number[] {
  return sets.flatMap((set) => {
    const constraint: unknown = of(set, name);
    const values = isWish(constraint)
      ? [constraint.exact, constraint.ideal, constraint.min, constraint.max]
      : [constraint];
    return values.filter((value): value is number => typeof value === 'number' && value > 0);
  });
}

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
