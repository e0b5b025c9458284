/** The devices that were chosen, kept from one visit to the next. */
export interface Choices {
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
}

/** `localStorage`, or what stands in for it. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'peerscope.meeting.devices';
const kinds = ['microphone', 'camera', 'speaker'] as const;
/** No browser has ids as long as this. */
const MAX_LENGTH = 512;

/** The page's own storage; null where it is switched off, which some browsers say by throwing. */
export function ownStorage(): ChoiceStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** What was chosen before; nothing when that cannot be read. */
export function readChoices(storage: ChoiceStorage | null): Choices {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const known = kinds.flatMap((kind) => {
      const id: unknown = Reflect.get(kept, kind);
      return typeof id === 'string' && id !== '' && id.length <= MAX_LENGTH ? [[kind, id] as const] : [];
    });
    return Object.fromEntries(known);
  } catch {
    return {};
  }
}

/** Keeps a choice; where nothing can be kept it is forgotten with the page. */
export function keepChoice(storage: ChoiceStorage | null, choice: Choices): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ ...readChoices(storage), ...choice }));
  } catch {
    // Full, or not allowed.
  }
}
