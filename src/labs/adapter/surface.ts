/**
 * What a page offers to code that wants WebRTC: each property of each of its objects, as the browser describes it.
 * Two such lists of one page, taken before and after a library was loaded, show what the library has done to it.
 */

type Loose = Record<string, unknown>;

/** Each property under `RTCPeerConnection.prototype.addTrack`, and its own descriptor. */
export type Surface = ReadonlyMap<string, Described>;

interface Described {
  /** `RTCPeerConnection.prototype` */
  readonly object: string;
  /** `addTrack` */
  readonly property: string;
  readonly descriptor: PropertyDescriptor;
  /** Whether there would be one of that name without it, too, from further up the prototype chain. */
  readonly isInherited: boolean;
}

export interface Change {
  readonly object: string;
  readonly property: string;
  /** `added`: the browser has no such thing, itself or inherited. */
  readonly how: 'added' | 'replaced' | 'removed';
}

/** Interfaces of WebRTC and of capture, whatever they are prefixed with. */
const interfaces = /^(?:webkit|moz)?(?:RTC|Media|Navigator$|HTMLMediaElement$|URL$|InputDeviceInfo$)/;

/** Everything that a library for WebRTC might change in a page; each object once, under its first name. */
export function surfaceOf(page: object): Surface {
  const navigator = Reflect.get(page, 'navigator') as Loose | undefined;
  const named: [string, unknown][] = [
    ['navigator', navigator],
    ['navigator.mediaDevices', navigator?.['mediaDevices']],
  ];
  for (const name of Object.getOwnPropertyNames(page).toSorted()) {
    if (!interfaces.test(name)) continue;
    const value = Object.getOwnPropertyDescriptor(page, name)?.value as unknown;
    named.push([name, value], [`${name}.prototype`, isObject(value) ? value['prototype'] : undefined]);
  }
  const found = new Map<string, Described>();
  const known = new Set<unknown>();
  for (const [object, value] of named) {
    if (!isObject(value) || known.has(value)) continue;
    known.add(value);
    for (const property of Object.getOwnPropertyNames(value)) add(found, object, property, value);
  }
  for (const property of Object.getOwnPropertyNames(page))
    if (interfaces.test(property)) add(found, 'window', property, page);
  return found;
}

/** What is another one now; in the order of the names. */
export function changesBetween(before: Surface, after: Surface): readonly Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return keys.flatMap((key): Change[] => {
    const [old, now] = [before.get(key), after.get(key)];
    if (!now) return old ? [{ object: old.object, property: old.property, how: 'removed' }] : [];
    const { object, property, isInherited } = now;
    if (!old) return [{ object, property, how: isInherited ? 'replaced' : 'added' }];
    return isSame(old.descriptor, now.descriptor) ? [] : [{ object, property, how: 'replaced' }];
  });
}

function add(found: Map<string, Described>, object: string, property: string, value: object): void {
  const descriptor = Object.getOwnPropertyDescriptor(value, property);
  const parent: unknown = Object.getPrototypeOf(value);
  const isInherited = isObject(parent) && property in parent;
  if (descriptor) found.set(`${object}.${property}`, { object, property, descriptor, isInherited });
}

const isSame = (one: PropertyDescriptor, other: PropertyDescriptor): boolean =>
  (['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const).every((key) =>
    Object.is(one[key], other[key]),
  );

const isObject = (value: unknown): value is Loose =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
