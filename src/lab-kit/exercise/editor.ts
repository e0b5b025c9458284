import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface Editor {
  /** Puts another text in; the learner may undo it. */
  set(text: string, isReadOnly: boolean): void;
  /** Marks a line, counted from 1, with what is wrong in it; null takes the mark away. */
  mark(problem: { readonly line: number; readonly text: string } | null): void;
  goTo(line: number): void;
  focus(): void;
  close(): void;
}

/** The page's own colours, see styles/tokens.css. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--shiki-token-keyword)' },
  { tag: [tags.string, tags.regexp], color: 'var(--shiki-token-string)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--shiki-token-function)',
  },
  { tag: tags.comment, color: 'var(--shiki-token-comment)' },
  { tag: [tags.punctuation, tags.bracket], color: 'var(--shiki-token-punctuation)' },
]);

const look = EditorView.theme({
  '&': { blockSize: '100%', color: 'var(--ps-text)', background: 'transparent' },
  '&.cm-focused': { outline: '2px solid var(--ps-focus)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--ps-font-mono)',
    fontSize: '0.8125rem',
    lineHeight: '1.55',
    fontVariantLigatures: 'none',
  },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--ps-text)' },
  '.cm-line': { padding: '0 1rem 0 0.5rem' },
  '.cm-gutters': { background: 'transparent', color: 'var(--ps-muted)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': {
    background: 'color-mix(in srgb, var(--ps-accent) 8%, transparent)',
  },
  '.cm-cursor': { borderInlineStartColor: 'var(--ps-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--ps-accent) 32%, transparent) !important',
  },
  '.cm-matchingBracket': { background: 'var(--ps-accent-soft) !important', color: 'inherit !important' },
  '.cm-tooltip': {
    background: 'var(--ps-raised)',
    color: 'var(--ps-text)',
    border: '1px solid var(--ps-line-strong)',
  },
});

/**
 * An editor in an element of its own. It lies in a shadow root: there CodeMirror adopts its style sheets, which the
 * page's policy allows; anywhere else it would write `<style>` elements, which it does not.
 *
 * Tab indents; Escape and then Tab leaves, as everywhere with CodeMirror.
 */
export function openEditor(
  host: HTMLElement,
  { text, label, onChange }: { text: string; label: string; onChange: (text: string) => void },
): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const readOnly = new Compartment();
  const locked = (isLocked: boolean) => [EditorState.readOnly.of(isLocked)];
  const view = new EditorView({
    root,
    parent: root as unknown as Element,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        lineNumbers(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of('  '),
        lintGutter(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        look,
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        readOnly.of(locked(false)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  const lineAt = (line: number) => view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  return {
    set: (next, isReadOnly) =>
      view.dispatch({
        ...(next !== view.state.doc.toString() && {
          changes: { from: 0, to: view.state.doc.length, insert: next },
        }),
        effects: readOnly.reconfigure(locked(isReadOnly)),
      }),
    mark: (problem) => {
      const at = problem && lineAt(problem.line);
      const diagnostics = at
        ? [{ from: at.from, to: at.to, severity: 'error' as const, message: problem.text }]
        : [];
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo: (line) => {
      view.dispatch({ selection: { anchor: lineAt(line).from }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}
