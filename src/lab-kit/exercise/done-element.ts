import { CHANGED, markDone } from './done.ts';

/** The script of every page that lists lessons or exercises. */
markDone();
addEventListener(CHANGED, () => markDone());
addEventListener('storage', () => markDone());
