import type { CollectionEntry } from 'astro:content';

export type Lesson = CollectionEntry<'docs'>['data'];
export type Spec = Lesson['specs'][number];

/** Documents that are not RFCs, by the names the lessons use. */
const documents: Readonly<Record<string, string>> = {
  'webrtc-pc': 'https://w3c.github.io/webrtc-pc/',
  'webrtc-stats': 'https://w3c.github.io/webrtc-stats/',
  'webrtc-extensions': 'https://w3c.github.io/webrtc-extensions/',
  'mediacapture-main': 'https://w3c.github.io/mediacapture-main/',
  'screen-capture': 'https://w3c.github.io/mediacapture-screen-share/',
  'secure-contexts': 'https://w3c.github.io/webappsec-secure-contexts/',
  'permissions-policy': 'https://w3c.github.io/webappsec-permissions-policy/',
  'audio-output': 'https://w3c.github.io/mediacapture-output/',
  'mediastream-recording': 'https://w3c.github.io/mediacapture-record/',
  'mediacapture-transform': 'https://w3c.github.io/mediacapture-transform/',
  'mediacapture-fromelement': 'https://w3c.github.io/mediacapture-fromelement/',
  'mediacapture-region': 'https://w3c.github.io/mediacapture-region/',
  'video-rvfc': 'https://wicg.github.io/video-rvfc/',
  'mst-content-hint': 'https://w3c.github.io/mst-content-hint/',
  'webrtc-svc': 'https://w3c.github.io/webrtc-svc/',
  webaudio: 'https://webaudio.github.io/web-audio-api/',
  webcodecs: 'https://w3c.github.io/webcodecs/',
  html: 'https://html.spec.whatwg.org/multipage/',
  'socket.io': 'https://socket.io/docs/v4/',
  peerjs: 'https://peerjs.com/',
  'webrtc-adapter': 'https://github.com/webrtcHacks/adapter',
};

/**
 * Where a source can be read: its own `url`, the RFC Editor for “RFC 8445”, the W3C for the documents above.
 *
 * An RFC's section becomes the fragment (`5.1.1` → `#section-5.1.1`). W3C documents have no numbered anchors.
 *
 * @returns undefined when the name says nothing to us; the source is then shown without a link
 */
export function specUrl({ name, section, url }: Pick<Spec, 'name' | 'section' | 'url'>): string | undefined {
  if (url) return url;
  const rfc = /^RFC (\d{1,5})$/.exec(name)?.[1];
  if (name.startsWith('draft-')) return `https://datatracker.ietf.org/doc/${name}/`;
  if (!rfc) return documents[name.toLowerCase()];
  const [number] = /\d+(\.\d+)*/.exec(section ?? '') ?? [];
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${number ? `#section-${number}` : ''}`;
}

/** “RFC 8445 §5.1.1”: sections are written with their sign, however the lesson spelled them. */
export function specLabel({ name, section }: Pick<Spec, 'name' | 'section'>): string {
  if (!section) return name;
  return `${name} ${/^\d/.test(section) ? '§' : ''}${section}`;
}
