import { Meaning } from './meaning.ts';
import { Syntax, type Node } from './syntax.ts';
import { legacyWords, type LegacyId } from './words.ts';

/** An old word at its place. `line` counts from 1. */
export interface Finding {
  readonly id: LegacyId;
  readonly line: number;
  /** Where it stands in the text, in UTF-16 units from 0. */
  readonly from: number;
  readonly to: number;
}

/** What was read out of a text. */
export interface Linted {
  readonly findings: readonly Finding[];
  /** Where the text cannot be read as JavaScript or TypeScript; what follows there may go unnoticed. */
  readonly broken?: { readonly line: number; readonly text: string };
}

/** Longer texts are refused, in characters: what is pasted is a page of somebody's code, and not a bundle. */
export const LONGEST_SOURCE = 100_000;

/**
 * Finds what is dead in a piece of code that uses WebRTC. Nothing is executed: the text is parsed, so that comments and
 * texts are no code. What it cannot tell, it does not report.
 *
 * @throws {RangeError} when the text is longer than {@link LONGEST_SOURCE}
 */
export function lintSource(source: string): Linted {
  if (source.length > LONGEST_SOURCE)
    throw new RangeError(
      `The text has ${source.length.toLocaleString('en')} characters, and ${LONGEST_SOURCE.toLocaleString('en')} are read at most. Paste the part that uses WebRTC.`,
    );
  const syntax = new Syntax(scriptsOf(source));
  const found = new Linter(syntax).findings();
  if (syntax.brokenAt === undefined) return { findings: found };
  return { findings: found, broken: { line: syntax.lineOf(syntax.brokenAt), text: whyBroken(syntax) } };
}

/** Of a page in HTML what is in its scripts, at the same lines; any other text as it is. */
function scriptsOf(source: string): string {
  if (!/^\s*<(!doctype|!--|html|head|body|script|video|div|meta)\b/i.test(source)) return source;
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  let code = '';
  let from = 0;
  const page = source.replace(/<!--[^]*?-->/g, blank);
  for (const { index, 1: tag = '', 2: script = '' } of page.matchAll(/(<script\b[^>]*>)([^]*?)<\/script/gi)) {
    const isCode =
      !/\btype=/i.test(tag) || /\btype=["']?(module|text\/javascript|application\/javascript)/i.test(tag);
    const start = index + tag.length;
    code += blank(page.slice(from, start)) + (isCode ? script : blank(script));
    from = start + script.length;
  }
  return code + blank(page.slice(from));
}

function whyBroken({ source, brokenAt = 0 }: Syntax): string {
  const before = source.slice(0, brokenAt);
  if (/\[\s*['"]?\w+['"]?\s*$/.test(before) && source[brokenAt] === ':')
    return 'A list has no keys: `[{ urls: … }]`, with an object in it.';
  return 'It cannot be read from here on: a bracket, a comma or a word is missing or too many.';
}

const PREFIXED_CONNECTION =
  /^(webkitRTCPeerConnection|mozRTCPeerConnection|mozRTCSessionDescription|mozRTCIceCandidate|webkitRTCSessionDescription|webkitMediaStream)$/;
const PREFIXED_AUDIO = /^webkit(Offline)?AudioContext$/;
const OLD_SIZE = /^(min|max)(Width|Height|FrameRate|AspectRatio)$/;
const OLD_CONSTRAINT =
  /^((min|max)(Width|Height|FrameRate|AspectRatio)|sourceId|goog[A-Z]\w+|chromeMediaSource(Id)?|echoCancellation|facingMode)$/;
const OLD_SCREEN = /^(chromeMediaSource|chromeMediaSourceId|mozMediaSource)$/;
const OLD_OFFER = /^(OfferToReceive(Audio|Video)|VoiceActivityDetection|IceRestart)$/;
const OLD_CONNECTION = /^(DtlsSrtpKeyAgreement|RtpDataChannels|goog[A-Z]\w+)$/;
const SCHEME = /^(stun|turn)s?:/i;
const DESCRIPTION_METHODS: ReadonlySet<string> = new Set(['setLocalDescription', 'setRemoteDescription']);

class Linter {
  readonly #syntax: Syntax;
  readonly #meaning: Meaning;
  readonly #found = new Map<string, Finding>();

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
    this.#meaning = new Meaning(syntax);
  }

  findings(): readonly Finding[] {
    this.#syntax.each((node) => {
      if (node.name === 'MemberExpression') this.#member(node);
      else if (node.name === 'VariableName') this.#name(node);
      else if (node.name === 'CallExpression' || node.name === 'NewExpression') this.#call(node);
      else if (node.name === 'AssignmentExpression') this.#assignment(node);
      else if (node.name === 'Property') this.#property(node);
      else if (node.name === 'ObjectExpression') this.#iceServer(node);
    });
    return [...this.#found.values()].toSorted((one, other) => one.from - other.from);
  }

  /** Each word once a line. */
  #note(id: LegacyId, { from, to }: Node): void {
    const line = this.#syntax.lineOf(from);
    const key = `${line} ${id}`;
    if (!this.#found.has(key)) this.#found.set(key, { id, line, from, to });
  }

  #member(node: Node): void {
    const syntax = this.#syntax;
    const member = syntax.member(node);
    if (!member) return;
    const { object, property } = member;
    const path = syntax.path(node);
    if (path === 'navigator.getUserMedia') this.#note('callback-get-user-media', node);
    if (/^navigator\.(webkit|moz|ms|o)GetUserMedia$/.test(path ?? ''))
      this.#note('prefixed-get-user-media', node);
    if (path === 'navigator.getDisplayMedia') this.#note('display-media-of-navigator', node);
    if (path === 'MediaStreamTrack.getSources') this.#note('get-sources', node);
    if (property === 'mozSrcObject') this.#note('moz-src-object', node);
    if (path !== undefined && !path.includes('.')) this.#global(path, node);
    // A promise is asked for what it will become.
    const call = syntax.call(object);
    const asked = call && this.#meaning.kindOf(object) === 'promise';
    if (asked && !/^(then|catch|finally)$/.test(property)) this.#note('missing-await', object);
    if (object.name === 'VariableName' && !/^(then|catch|finally)$/.test(property)) this.#used(object);
  }

  #name(node: Node): void {
    const name = this.#syntax.text(node);
    if (!this.#meaning.isDeclared(name)) this.#global(name, node);
  }

  #global(name: string, node: Node): void {
    if (PREFIXED_CONNECTION.test(name)) this.#note('prefixed-peer-connection', node);
    if (PREFIXED_AUDIO.test(name)) this.#note('prefixed-audio-context', node);
  }

  /** A name of a promise in a place that wants what it becomes: told where the promise comes from. */
  #used(node: Node): void {
    const name = this.#syntax.text(node);
    if (!this.#meaning.isPromise(name)) return;
    const [made] = this.#meaning.valuesOf(name);
    if (made) this.#note('missing-await', made);
  }

  #call(node: Node): void {
    const syntax = this.#syntax;
    const call = syntax.call(node);
    if (!call) return;
    const { callee, args, isNew } = call;
    const path = syntax.path(callee);
    const isFunction = (index: number) => {
      const arg = args[index];
      return arg !== undefined && this.#meaning.isFunction(arg);
    };
    if (path !== undefined && !this.#meaning.isDeclared(path)) {
      if (path === 'getUserMedia' && !isNew) this.#note('bare-get-user-media', callee);
      if (path === 'attachMediaStream' || path === 'reattachMediaStream')
        this.#note('attach-media-stream', callee);
      if ((path === 'MediaStream' || path === 'RTCPeerConnection') && !isNew)
        this.#note('not-constructed', callee);
    }
    if (isNew && path === 'RTCSessionDescription') this.#note('description-constructor', node);
    if (path !== undefined && path.endsWith('RTCPeerConnection')) {
      if (args[1]) this.#note('connection-constraints', args[1]);
      if (args[0]?.name === 'ArrayExpression') this.#note('ice-misplaced', args[0]);
    }
    const member = syntax.member(callee);
    if (!member || isNew) return;
    this.#method(node, member, args, isFunction);
  }

  #method(
    node: Node,
    { object, property, at }: NonNullable<ReturnType<Syntax['member']>>,
    args: readonly Node[],
    isFunction: (index: number) => boolean,
  ): void {
    const syntax = this.#syntax;
    const kind = this.#meaning.kindOf(object);
    const [first] = args;
    switch (property) {
      case 'getUserMedia':
        if (args.length > 1 && syntax.text(object).endsWith('mediaDevices'))
          this.#note('callbacks-of-media-devices', at);
        return;
      case 'createObjectURL':
        if (first && this.#meaning.kindOf(first) === 'stream') this.#note('stream-as-url', node);
        return;
      case 'addStream':
        // Libraries have one, too: simple-peer's is alive.
        if (kind !== 'other') this.#note('add-stream', at);
        return;
      case 'removeStream':
        if (kind !== 'other') this.#note('remove-stream', at);
        return;
      case 'getLocalStreams':
      case 'getRemoteStreams':
      case 'getStreamById':
        this.#note('stream-lists', at);
        return;
      case 'createOffer':
      case 'createAnswer':
        if (isFunction(0)) this.#note(args.length === 1 ? 'one-callback' : 'offer-callbacks', at);
        return;
      case 'addIceCandidate':
        if (isFunction(1)) this.#note('description-callbacks', at);
        return;
      case 'setLocalDescription':
      case 'setRemoteDescription':
        if (isFunction(1)) this.#note('description-callbacks', at);
        else if (node.parent?.name === 'ExpressionStatement') this.#note('not-awaited', node);
        break;
      case 'getStats':
        if (isFunction(0)) this.#note('stats-callback', at);
        return;
      case 'stop':
        if (kind === 'stream') this.#note('stream-stop', node);
        return;
      case 'addTrack':
        if (kind === 'stream' && args.length > 1) this.#note('stream-of-stream', node);
        return;
      case 'addEventListener':
        if (first && /^(add|remove)stream$/.test(syntax.string(first) ?? ''))
          this.#note('on-add-stream', first);
        return;
      case 'createScriptProcessor':
      case 'createJavaScriptNode':
        this.#note('script-processor', at);
        return;
      case 'createDataChannel': {
        const given = this.#meaning.objectOf(args[1]);
        const options = given && syntax.properties(given);
        if (given && (options?.has('reliable') || options?.has('maxRetransmitTime')))
          this.#note('reliable-channel', given);
        return;
      }
    }
    if (DESCRIPTION_METHODS.has(property) && first?.name === 'VariableName') this.#used(first);
  }

  #assignment(node: Node): void {
    const syntax = this.#syntax;
    const [left, right] = syntax.parts(node);
    const member = left && syntax.member(left);
    if (!left || !right || !member) return;
    if (/^on(add|remove)stream$/.test(member.property)) this.#note('on-add-stream', left);
    if (member.property !== 'srcObject') return;
    const value = syntax.bare(right);
    if (value.name === 'VariableName') this.#used(value);
    else if (this.#meaning.kindOf(value) === 'promise') this.#note('missing-await', value);
  }

  #property(node: Node): void {
    const syntax = this.#syntax;
    const property = syntax.property(node);
    if (!property) return;
    const { key, value } = property;
    if (OLD_SCREEN.test(key)) this.#note('screen-by-constraint', node);
    if (
      key === 'mediaSource' &&
      value &&
      /^(screen|window|application|browser)$/.test(syntax.string(value) ?? '')
    )
      this.#note('screen-by-constraint', node);
    if (key === 'offerToReceiveAudio' || key === 'offerToReceiveVideo') this.#note('offer-to-receive', node);
    if (key === 'mandatory' && value) this.#mandatory(node, value);
    if (key === 'optional' && value?.name === 'ArrayExpression') this.#optional(node, value);
    if (OLD_SIZE.test(key) && this.#ownerOf(node) === 'media') this.#note('mandatory-constraints', node);
    if (/^ice_?servers?$/i.test(key)) this.#iceServers(node, key, value);
  }

  /** Whose the object is in which a property stands: `video: { … }` is of the media. */
  #ownerOf(node: Node): 'media' | undefined {
    const owner = node.parent?.parent ? this.#syntax.property(node.parent.parent) : undefined;
    return owner && /^(audio|video)$/.test(owner.key) ? 'media' : undefined;
  }

  #mandatory(node: Node, value: Node): void {
    const keys = value.name === 'ObjectExpression' ? [...this.#syntax.properties(value).keys()] : [];
    if (keys.some((key) => OLD_SCREEN.test(key))) return; // that is told by itself
    if (keys.some((key) => OLD_OFFER.test(key))) this.#note('mandatory-offer', node);
    else if (keys.some((key) => OLD_CONSTRAINT.test(key)) || this.#ownerOf(node) === 'media')
      this.#note('mandatory-constraints', node);
  }

  #optional(node: Node, list: Node): void {
    const keys = this.#syntax
      .parts(list)
      .flatMap((part) => (part.name === 'ObjectExpression' ? [...this.#syntax.properties(part).keys()] : []));
    if (keys.some((key) => OLD_CONSTRAINT.test(key)) || this.#ownerOf(node) === 'media')
      this.#note('mandatory-constraints', node);
    else if (keys.some((key) => OLD_CONNECTION.test(key))) this.#note('connection-constraints', list);
  }

  /** `iceServers: …`: a list of objects, under this very name. */
  #iceServers(node: Node, key: string, value: Node | undefined): void {
    if (!value) return;
    const list = value.name === 'ArrayExpression' ? this.#syntax.parts(value) : undefined;
    if (key !== 'iceServers') {
      if (list) this.#note('ice-misplaced', node);
      return;
    }
    const isTexts = list?.some((part) => this.#syntax.string(part) !== undefined);
    if (isTexts || value.name === 'ObjectExpression' || this.#syntax.string(value) !== undefined)
      this.#note('ice-list', node);
  }

  /** An object with `urls` or `url`: whether it is an ICE server, and what is wrong with it. */
  #iceServer(node: Node): void {
    const syntax = this.#syntax;
    const properties = syntax.properties(node);
    const value = properties.get('urls') ?? properties.get('url');
    if (!value) return;
    const urls = (value.name === 'ArrayExpression' ? syntax.parts(value) : [value]).flatMap((part) => {
      const text = syntax.string(part);
      return text === undefined ? [] : [{ part, text }];
    });
    const isListed = this.#isListed(node);
    const isServer =
      isListed ||
      urls.some(({ text }) => SCHEME.test(text)) ||
      (properties.has('username') && properties.has('urls'));
    if (!isServer) return;
    if (properties.has('url') && !properties.has('urls')) this.#note('ice-url', value);
    const misspelt = ['credentials', 'password', 'credentail'].find((name) => properties.has(name));
    if (misspelt) this.#note('ice-credentials', properties.get(misspelt) ?? node);
    const isComplete = properties.has('username') && properties.has('credential');
    const isOpen = node.getChildren('Property').some((part) => syntax.text(part).startsWith('...'));
    for (const { part, text } of urls) {
      if (!SCHEME.test(text) || /^\w+:\/\//.test(text)) this.#note('ice-scheme', part);
      else if (isWrongAddress(text)) this.#note('ice-address', part);
      if (/^turns?:/i.test(text) && !misspelt && !isComplete && !isOpen)
        this.#note('turn-without-credential', part);
    }
  }

  /** Whether an object stands in a list named `iceServers`. */
  #isListed(node: Node): boolean {
    const list = node.parent;
    const holder = list?.name === 'ArrayExpression' ? list.parent : null;
    if (!holder) return false;
    const key = this.#syntax.property(holder)?.key;
    const named = holder.getChild('VariableDefinition');
    return /ice_?servers?/i.test(key ?? (named ? this.#syntax.text(named) : ''));
  }
}

/** Google's server is `stun.l.google.com`, `stun1.l.google.com`, …, with the letter, at 19302; 3478 answers, too. */
function isWrongAddress(url: string): boolean {
  const [, host = '', port] = /^\w+:([^:?]+)(?::(\d+))?/.exec(url) ?? [];
  if (/^stun\d?\.1\.google\.com$/i.test(host)) return true;
  return /^stun\d?\.l\.google\.com$/i.test(host) && port !== undefined && !/^(19302|19305|3478)$/.test(port);
}

/** A finding in words: `Line 3: navigator.getUserMedia() with callbacks. …` */
export function findingWords({ id, line }: Pick<Finding, 'id' | 'line'>): string {
  const { was, why, modern } = legacyWords[id];
  return `Line ${line}: ${was}. ${why} Today: \`${modern}\``;
}
