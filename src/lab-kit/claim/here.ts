import { engineOf, judge, verdict, type Outcome } from './outcome.ts';
import { loadClaim, loadWay, type Way } from './registry.ts';
import { tryClaim } from './try.ts';

const WAYS: readonly Way[] = ['wrong', 'right'];

/** Tries a claim in this browser: each way by itself, so that they do not disturb each other. */
export async function tryHere(id: string): Promise<{ outcomes: readonly Outcome[]; words: string }> {
  const definition = await loadClaim(id);
  const outcomes: Outcome[] = [];
  for (const way of WAYS) {
    const run = await loadWay(id, way);
    if (!run) continue;
    const text = await tryClaim(run, definition.limitMs);
    outcomes.push(judge(definition, way, text, engineOf(navigator.userAgent)));
  }
  return { outcomes, words: verdict(outcomes, navigator.userAgent) };
}
