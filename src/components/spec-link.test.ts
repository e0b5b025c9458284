import { expect, test } from 'vitest';
import { specLabel, specUrl } from './spec-link.ts';

test.each([
  ['an RFC', { name: 'RFC 8838' }, 'https://www.rfc-editor.org/rfc/rfc8838'],
  [
    'a section of an RFC',
    { name: 'RFC 8445', section: '§5.1.1' },
    'https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1',
  ],
  [
    'several sections: the first',
    { name: 'RFC 9429', section: '4.1.10, 5.2' },
    'https://www.rfc-editor.org/rfc/rfc9429#section-4.1.10',
  ],
  ['a W3C document', { name: 'webrtc-pc', section: '4.4.1.2' }, 'https://w3c.github.io/webrtc-pc/'],
  ['its own address', { name: 'RFC 8838', url: 'https://example.org/' }, 'https://example.org/'],
  ['a name nobody knows', { name: 'a blog post' }, undefined],
])('links %s', (_, spec, url) => {
  expect(specUrl(spec)).toBe(url);
});

test('writes a section with its sign, once', () => {
  expect(specLabel({ name: 'RFC 8445', section: '5.1.1' })).toBe('RFC 8445 §5.1.1');
  expect(specLabel({ name: 'RFC 8445', section: '§5.1.1' })).toBe('RFC 8445 §5.1.1');
  expect(specLabel({ name: 'RFC 8445' })).toBe('RFC 8445');
});
