import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'A message that the server sent on as bytes is parsed as if it were text.',
  because:
    'With the package `ws` a listener gets a `Buffer`. Sent on as it is, it is a binary message, and a page gets a `Blob` whose text is “[object Blob]”. Send `data.toString()`, or read the `Blob`.',
  wrong: { chromium: 'SyntaxError', firefox: 'SyntaxError' },
  right: { chromium: 'createOffer', firefox: 'createOffer' },
});
