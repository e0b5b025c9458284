import { terms } from './terms.ts';

/** What a word means, as elements; undefined when there is no such word. */
export function meaningOf(id: string): DocumentFragment | undefined {
  const term = terms.find((one) => one.id === id);
  if (!term) return undefined;
  const fragment = document.createDocumentFragment();
  const says = document.createElement('span');
  says.append(
    ...term.says
      .split('`')
      .map((part, at) =>
        at % 2 === 1 ? Object.assign(document.createElement('code'), { textContent: part }) : part,
      ),
  );
  fragment.append(Object.assign(document.createElement('strong'), { textContent: term.term }), says);
  return fragment;
}
