import { createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { createOnigurumaEngine } from 'shiki/engine/oniguruma';
import { beforeAll, expect, test } from 'vitest';
import { sdpFixtures } from '../../../tests/fixtures/sdp.ts';
import grammar from './sdp.tmLanguage.json' with { type: 'json' };

const plain = { name: 'plain', type: 'dark' as const, fg: '#fff', bg: '#000', settings: [] };
const engines = {
  javascript: () => createJavaScriptRegexEngine(),
  oniguruma: () => createOnigurumaEngine(import('shiki/wasm')),
};
const highlighters = new Map<string, HighlighterCore>();

beforeAll(async () => {
  for (const [name, engine] of Object.entries(engines)) {
    highlighters.set(
      name,
      await createHighlighterCore({ langs: [grammar], themes: [plain], engine: await engine() }),
    );
  }
});

/** Each token with the innermost scope that the grammar gives it; line endings as the grammar wants them. */
function scopes(engine: string, text: string): [string, string | undefined][] {
  const highlighter = highlighters.get(engine);
  if (!highlighter) throw new Error(`no engine ${engine}`);
  return highlighter
    .codeToTokensBase(text.replaceAll('\r\n', '\n'), {
      lang: 'sdp',
      theme: 'plain',
      includeExplanation: 'scopeName',
    })
    .flatMap((line) => line.flatMap(({ explanation = [] }) => explanation))
    .map(({ content, scopes: found }) => [content, found.at(-1)?.scopeName]);
}

test.each(Object.keys(engines))(
  'the %s engine reads every capture, and finds nothing illegal in it',
  (engine) => {
    for (const [name, text] of sdpFixtures) {
      const tokens = scopes(engine, text);
      expect(
        tokens.filter(([, scope]) => scope === 'invalid.illegal.sdp'),
        name,
      ).toEqual([]);
      expect(tokens.map(([content]) => content).join(''), name).toBe(text.replaceAll('\r\n', ''));
    }
  },
);

test('both engines see the same', () => {
  for (const [name, text] of sdpFixtures)
    expect(scopes('javascript', text), name).toEqual(scopes('oniguruma', text));
});

test.each([
  ['m=video 9 UDP/TLS/RTP/SAVPF 96 97', '96', 'variable.parameter.payload-type.sdp'],
  ['m=video 9 UDP/TLS/RTP/SAVPF 96 97', 'video', 'storage.type.media.sdp'],
  ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'webrtc-datachannel', 'entity.name.type.format.sdp'],
  ['a=rtpmap:111 opus/48000/2', 'opus', 'entity.name.type.codec.sdp'],
  ['a=rtpmap:111 opus/48000/2', 'rtpmap', 'entity.other.attribute-name.sdp'],
  ['a=fmtp:97 apt=96', '96', 'variable.parameter.payload-type.sdp'],
  ['a=candidate:1 1 udp 2122260223 fd09::1 40061 typ host', 'host', 'support.constant.candidate-type.sdp'],
  ['a=candidate:1 1 udp 2122260223 fd09::1 40061 typ host', 'fd09::1', 'constant.other.address.sdp'],
  [
    'a=candidate:1 1 udp 1 203.0.113.7 1 typ srflx raddr 10.9.0.1 rport 5',
    '10.9.0.1',
    'constant.other.address.sdp',
  ],
  ['a=fingerprint:sha-256 AB:CD', 'AB:CD', 'string.other.fingerprint.sdp'],
  ['a=sendrecv', 'sendrecv', 'keyword.other.direction.sdp'],
  [
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'urn:ietf:params:rtp-hdrext:sdes:mid',
    'string.other.link.sdp',
  ],
  ['a=group:BUNDLE 0 1', 'BUNDLE', 'keyword.other.semantics.sdp'],
  ['v=0', 'v', 'keyword.control.type.sdp'],
  ['no SDP', 'no SDP', 'invalid.illegal.sdp'],
])('in %j, %j is %s', (line, content, scope) => {
  expect(scopes('javascript', line)).toContainEqual([content, scope]);
});
