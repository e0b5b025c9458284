/** A setting of a camera that a person can turn while it is open (mediacapture-image). */
export type Knob =
  | { readonly name: string; readonly min: number; readonly max: number; readonly step: number }
  | { readonly name: string; readonly choices: readonly string[] };

const names = [
  'pan',
  'tilt',
  'zoom',
  'exposureMode',
  'exposureTime',
  'exposureCompensation',
  'whiteBalanceMode',
  'colorTemperature',
  'focusMode',
  'focusDistance',
  'brightness',
  'contrast',
  'saturation',
  'sharpness',
] as const;

/** What this camera lets be turned, of what its capabilities tell. Most webcams tell of little, Firefox of nothing. */
export function knobsOf(capabilities: object): Knob[] {
  return names.flatMap((name): Knob[] => {
    const capability: unknown = Reflect.get(capabilities, name);
    if (Array.isArray(capability))
      return capability.length > 1 ? [{ name, choices: capability.map(String) }] : [];
    if (typeof capability !== 'object' || capability === null) return [];
    const { min, max, step = 1 } = capability as { min?: number; max?: number; step?: number };
    return min === undefined || max === undefined || max <= min ? [] : [{ name, min, max, step }];
  });
}

/** By hand only: with these modes a camera does not set the value by itself. */
const modeOf: Readonly<Record<string, string>> = {
  exposureTime: 'exposureMode',
  colorTemperature: 'whiteBalanceMode',
  focusDistance: 'focusMode',
};

/** The set for `advanced` that turns a knob, with its mode on `manual` where there is one. */
export function turn(name: string, value: string | number): MediaTrackConstraintSet {
  const mode = modeOf[name];
  return { ...(mode && { [mode]: 'manual' }), [name]: value };
}
