import { createCssVariablesTheme } from 'shiki';

/** Code in the colours of the page: tokens refer to `--shiki-token-*`, which styles/tokens.css sets for dark and light. */
export const codeTheme = createCssVariablesTheme({
  name: 'peerscope',
  variablePrefix: '--shiki-',
  fontStyle: true,
});
