/** Colours SDP off the main thread: Shiki takes 100 ms and more for a description, in the middle of a call's start. */
import { createCssVariablesTheme, createHighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import type { HighlightAnswer, HighlightRequest, Token } from './sdp-highlight.ts';
import grammar from '../../rtc/sdp/sdp.tmLanguage.json';

const highlighter = createHighlighterCore({
  themes: [createCssVariablesTheme({ name: 'names', variablePrefix: '--shiki-' })],
  langs: [grammar],
  engine: createJavaScriptRegexEngine(),
});

globalThis.addEventListener('message', ({ data: { id, sdp } }: MessageEvent<HighlightRequest>) => {
  void highlighter.then((shiki) => {
    // The grammar's `$` wants lines without CR.
    const lines = shiki.codeToTokensBase(sdp.replaceAll('\r\n', '\n'), { lang: 'sdp', theme: 'names' });
    const tokens = lines.map((line) => line.map(({ content, color }): Token => [content, nameOf(color)]));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to the page that owns this worker
    globalThis.postMessage({ id, tokens } satisfies HighlightAnswer);
  });
});

/** `token-keyword` from `var(--shiki-token-keyword)`: the page gives the colours, by class. */
function nameOf(colour: string | undefined): string {
  return /^var\(--shiki-(token-[a-z-]+)\)$/.exec(colour ?? '')?.[1] ?? '';
}
