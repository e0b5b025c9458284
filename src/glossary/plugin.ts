import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';
import { createMarker } from './mark.ts';
import { terms } from './terms.ts';

type PluginEntry = NonNullable<SatteriProcessorOptions['mdastPlugins']>[number];

const mark = createMarker(terms);

/** Where a word stays as it is: a link in a link cannot be, and headings and questions are read as a whole. */
const LEFT_ALONE: ReadonlySet<string> = new Set(['heading', 'link', 'linkReference', 'strong']);

/**
 * Makes the first use of each word of the glossary in a lesson a link to it, when the site is built.
 * `card.ts` shows what it means beside the link.
 */
export const glossaryLinks: PluginEntry = ({ fileURL }) => {
  if (!fileURL?.pathname.includes('/content/docs/lessons/')) return undefined;
  const seen = new Set<string>();
  return {
    name: 'glossary-links',
    text(node, context) {
      if (isLeftAlone(node, (one) => context.parent(one as Parameters<typeof context.parent>[0]))) return;
      const pieces = mark(node.value, seen);
      if (pieces.every((piece) => typeof piece === 'string')) return;
      context.replaceNode(
        node,
        pieces.map((piece) =>
          typeof piece === 'string'
            ? { type: 'text', value: piece }
            : {
                type: 'link',
                url: `/glossary/#${piece.id}`,
                children: [{ type: 'text', value: piece.text }],
                data: { hProperties: { 'data-term': piece.id } },
              },
        ),
      );
    },
  };
};

interface Visited {
  readonly type: string;
  readonly name?: string | null;
}

function isLeftAlone(node: Visited, parentOf: (node: Visited) => Visited | undefined): boolean {
  for (let above = parentOf(node); above; above = parentOf(above)) {
    if (LEFT_ALONE.has(above.type)) return true;
    if (above.name === 'summary') return true;
  }
  return false;
}
