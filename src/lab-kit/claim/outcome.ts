import { browserAndVersion } from '../../rtc/browser.ts';
import { seenIn, type ClaimDefinition, type Engine } from './define.ts';
import type { Way } from './registry.ts';

/** How one way came out in this browser. */
export interface Outcome {
  readonly way: Way;
  readonly text: string;
  /** Whether it is what was seen in this engine; undefined in an engine where nobody has looked. */
  readonly agrees: boolean | undefined;
}

/** Which engine a browser has; undefined for one in which no claim was tried. */
export function engineOf(userAgent: string): Engine | undefined {
  if (userAgent.includes('Firefox/')) return 'firefox';
  return userAgent.includes('Chrome/') ? 'chromium' : undefined;
}

/** Compares what came out with what was seen in this engine: it begins with that text. */
export function judge(
  definition: ClaimDefinition,
  way: Way,
  text: string,
  engine: Engine | undefined,
): Outcome {
  const seen = engine && definition[way]?.[engine];
  return { way, text, agrees: seen === undefined ? undefined : text.startsWith(seen) };
}

/** All outcomes in one sentence: whether they are what we have seen. */
export function verdict(outcomes: readonly Outcome[], userAgent: string): string {
  const here = `Just now in ${browserAndVersion(userAgent)}`;
  const engine = engineOf(userAgent);
  if (!engine) return `${here}. We have tried it in ${seenIn.chromium} and ${seenIn.firefox} only.`;
  return outcomes.every(({ agrees }) => agrees)
    ? `${here}: the same as in ${seenIn[engine]}.`
    : `${here}: not the same as in ${seenIn[engine]}. Browsers change; believe your own.`;
}
