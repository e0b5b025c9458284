export interface HiddenFrameOptions {
  /** The page's path at this origin. */
  readonly src: string;
  /** What a screen reader would call it. */
  readonly title: string;
  /** What its page may do; left out, all that this page may. */
  readonly sandbox?: string;
  readonly signal: AbortSignal;
  /** Takes the frame away when `signal` aborts; at once when left out. */
  readonly remove?: (element: HTMLIFrameElement) => void;
}

/**
 * Opens a page of this origin with a global object of its own, which nobody sees. It is not hidden from the browser, which
 * would slow down its timers and pictures.
 *
 * Rejects with the signal's reason when that aborts before the page is there.
 */
export async function openHiddenFrame({
  src,
  title,
  sandbox,
  signal,
  remove = (element) => element.remove(),
}: HiddenFrameOptions): Promise<HTMLIFrameElement> {
  signal.throwIfAborted();
  const element = document.createElement('iframe');
  if (sandbox !== undefined) element.setAttribute('sandbox', sandbox);
  element.allow = 'camera; microphone; display-capture; autoplay';
  element.title = title;
  element.tabIndex = -1;
  element.ariaHidden = 'true';
  element.style.cssText =
    'position: fixed; inline-size: 1px; block-size: 1px; border: 0; opacity: 0; inset: 0 auto auto 0; pointer-events: none;';
  element.src = src;
  signal.addEventListener('abort', () => remove(element), { once: true });
  await new Promise<void>((resolve, reject) => {
    element.addEventListener('load', () => resolve(), { once: true });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    document.body.append(element);
  });
  return element;
}
