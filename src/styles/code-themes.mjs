// @ts-check
/**
 * Two themes for code in lessons, from the palette of tokens.css. Few colours: what is a keyword, a text,
 * a number, a comment; names stay in the colour of text. Expressive Code computes contrasts when the site is
 * built and so needs the values, not the custom properties.
 */
const palettes = {
  dark: {
    text: '#e9ecea',
    muted: '#a7b1b2',
    accent: '#a6b4ff',
    string: '#92cf8c',
    number: '#f0b45a',
    name: '#5ecfc6',
    error: '#ff958b',
    ground: '#0e1113',
  },
  light: {
    text: '#191e1c',
    muted: '#525a56',
    accent: '#3448c5',
    string: '#2c682c',
    number: '#854b00',
    name: '#0a6663',
    error: '#b0241c',
    ground: '#eceeeb',
  },
};

export const codeThemes = [theme('dark'), theme('light')];

/** @param {'dark' | 'light'} type */
function theme(type) {
  const { text, muted, accent, string, number, name, error, ground } = palettes[type];
  return {
    name: `peerscope-${type}`,
    type,
    colors: { 'editor.background': ground, 'editor.foreground': text },
    settings: [
      { settings: { foreground: text, background: ground } },
      rule(muted, 'comment', 'punctuation.definition.comment'),
      rule(accent, 'keyword', 'storage', 'keyword.control', 'variable.language', 'constant.language'),
      rule(text, 'keyword.operator', 'punctuation'),
      rule(string, 'string', 'string punctuation', 'constant.other.symbol'),
      rule(number, 'constant.numeric', 'constant.character', 'constant.other'),
      rule(name, 'entity.name', 'support.class', 'support.type', 'entity.other.attribute-name'),
      rule(error, 'invalid'),
    ],
  };
}

/** @param {string} foreground @param {string[]} scope */
function rule(foreground, ...scope) {
  return { scope, settings: { foreground } };
}
