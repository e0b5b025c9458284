import type { Node, Syntax } from './syntax.ts';

/** What a value is, as far as the text of one file tells. `promise` is one of a stream or a description. */
export type Kind = 'connection' | 'stream' | 'promise' | 'other';

const STREAM_METHODS: ReadonlySet<string> = new Set(['getUserMedia', 'getDisplayMedia']);
const PROMISES: ReadonlySet<string> = new Set([...STREAM_METHODS, 'createOffer', 'createAnswer']);
/** A function of this name that the text does not show is taken for a callback, not for options. */
const LIKE_A_CALLBACK = /^(got|on|handle|set|success|error|fail|cb$|callback)/i;
const DEPTH = 4;

/**
 * What the names of a file stand for: which are functions, which streams, which connections.
 *
 * Scopes are not followed: a name that stands for two things stands for the first that can be told.
 */
export class Meaning {
  readonly #syntax: Syntax;
  readonly #values = new Map<string, Node[]>();
  readonly #declared = new Set<string>();
  readonly #functions = new Set<string>();
  readonly #streams = new Set<string>();

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
    syntax.each((node) => this.#declare(node));
    syntax.each((node) => this.#hand(node));
  }

  /** Whether the file itself brings a thing of this name: a variable, a parameter, an import, a function. */
  isDeclared(name: string): boolean {
    return this.#declared.has(name);
  }

  /** Whether an argument is a function, written there or somewhere else in the file. */
  isFunction(node: Node): boolean {
    const syntax = this.#syntax;
    if (syntax.isFunction(node)) return true;
    const call = syntax.call(node);
    if (call) return syntax.member(call.callee)?.property === 'bind';
    const name = node.name === 'VariableName' ? syntax.text(node) : syntax.member(node)?.property;
    if (name === undefined) return false;
    if (this.#functions.has(name)) return true;
    return !this.#declared.has(name) && LIKE_A_CALLBACK.test(name);
  }

  /** What an expression gives; undefined where the file does not tell. */
  kindOf(given: Node, depth = DEPTH): Kind | undefined {
    const syntax = this.#syntax;
    const node = syntax.bare(given);
    if (depth === 0) return undefined;
    if (node.name === 'AwaitExpression') {
      const [inner] = syntax.parts(node);
      const call = inner && syntax.call(syntax.bare(inner));
      return call && STREAM_METHODS.has(this.#methodOf(call.callee)) ? 'stream' : undefined;
    }
    const call = syntax.call(node);
    if (call) return this.#kindOfCall(call, depth);
    if (node.name === 'BinaryExpression') {
      const kinds = syntax.parts(node).map((part) => this.kindOf(part, depth - 1));
      return kinds.find((kind) => kind !== undefined);
    }
    if (node.name === 'VariableName') return this.#kindOfName(syntax.text(node), depth);
    if (node.name !== 'MemberExpression') return undefined;
    const property = syntax.member(node)?.property;
    if (property === undefined) return /\bstreams\[\d+\]$/.test(syntax.text(node)) ? 'stream' : undefined;
    return /stream$/i.test(property) ? 'stream' : undefined;
  }

  /** Whether a name only ever stands for promises that nobody has awaited. */
  isPromise(name: string): boolean {
    const values = this.#values.get(name) ?? [];
    return values.length > 0 && values.every((value) => this.kindOf(value) === 'promise');
  }

  /** The object expression that an argument is, there or where its name is given one. */
  objectOf(node: Node | undefined): Node | undefined {
    if (!node) return undefined;
    if (node.name === 'ObjectExpression') return node;
    if (node.name !== 'VariableName') return undefined;
    const values = this.valuesOf(this.#syntax.text(node)).map((value) => this.#syntax.bare(value));
    return values.find(({ name }) => name === 'ObjectExpression');
  }

  /** Where the promises come from that a name stands for. */
  valuesOf(name: string): readonly Node[] {
    return this.#values.get(name) ?? [];
  }

  #kindOfCall(
    { callee, args, isNew }: NonNullable<ReturnType<Syntax['call']>>,
    depth: number,
  ): Kind | undefined {
    const name = this.#syntax.path(callee)?.split('.').at(-1) ?? this.#methodOf(callee);
    if (name.endsWith('RTCPeerConnection') || name === 'createPeer') return 'connection';
    if (name === 'MediaStream' || (isNew && name === 'webkitMediaStream')) return 'stream';
    if (isNew) return 'other';
    if (name === 'captureStream' || name === 'mozCaptureStream') return 'stream';
    // With callbacks it gives nothing, and so does createOffer().
    return PROMISES.has(name) && !args.some((arg) => this.isFunction(arg)) && depth > 0
      ? 'promise'
      : undefined;
  }

  #kindOfName(name: string, depth: number): Kind | undefined {
    for (const value of this.#values.get(name) ?? []) {
      const kind = this.kindOf(value, depth - 1);
      if (kind) return kind;
    }
    return this.#streams.has(name) || /stream$/i.test(name) ? 'stream' : undefined;
  }

  #methodOf(callee: Node): string {
    return this.#syntax.member(callee)?.property ?? this.#syntax.path(callee) ?? '';
  }

  #declare(node: Node): void {
    const syntax = this.#syntax;
    if (node.name === 'VariableDefinition') this.#declared.add(syntax.text(node));
    if (node.name === 'FunctionDeclaration') {
      const name = node.getChild('VariableDefinition');
      if (name) this.#functions.add(syntax.text(name));
    }
    if (node.name === 'MethodDeclaration' || node.name === 'Property') {
      const name = node.getChild('PropertyDefinition');
      const isMethod = node.getChild('ParamList') ?? (node.lastChild && syntax.isFunction(node.lastChild));
      if (name && isMethod) this.#functions.add(syntax.text(name));
    }
    if (node.name === 'VariableDeclaration') {
      let name: string | undefined;
      for (let child = node.firstChild; child; child = child.nextSibling) {
        if (child.name === 'VariableDefinition') name = syntax.text(child);
        if (child.name === 'Equals' && name !== undefined && child.nextSibling) {
          this.#note(name, child.nextSibling);
          name = undefined;
        }
      }
    }
    if (node.name === 'AssignmentExpression') {
      const [left, right] = syntax.parts(node);
      const name = left && (left.name === 'VariableName' ? syntax.text(left) : syntax.member(left)?.property);
      if (name && right) this.#note(name, right);
    }
  }

  #note(name: string, value: Node): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
    if (this.#syntax.isFunction(this.#syntax.bare(value))) this.#functions.add(name);
  }

  /** A stream is handed to the success callback of getUserMedia(), and to what follows its promise. */
  #hand(node: Node): void {
    const syntax = this.#syntax;
    const call = syntax.call(node);
    if (!call) return;
    const method = this.#methodOf(call.callee).split('.').at(-1) ?? '';
    if (/getUserMedia$/i.test(method)) this.#giveStream(call.args[1]);
    const object = method === 'then' ? syntax.member(call.callee)?.object : undefined;
    const asked = object && syntax.call(object);
    if (asked && STREAM_METHODS.has(this.#methodOf(asked.callee))) this.#giveStream(call.args[0]);
  }

  #giveStream(callback: Node | undefined): void {
    if (!callback) return;
    const syntax = this.#syntax;
    const written = syntax.isFunction(callback)
      ? callback
      : callback.name === 'VariableName'
        ? this.#functionOf(syntax.text(callback))
        : undefined;
    const first = written?.getChild('ParamList')?.getChild('VariableDefinition');
    if (first) this.#streams.add(syntax.text(first));
  }

  #functionOf(name: string): Node | undefined {
    const value = this.#values.get(name)?.find((node) => this.#syntax.isFunction(this.#syntax.bare(node)));
    if (value) return this.#syntax.bare(value);
    let found: Node | undefined;
    this.#syntax.each((node) => {
      const own = node.name === 'FunctionDeclaration' ? node.getChild('VariableDefinition') : null;
      if (own && this.#syntax.text(own) === name) found ??= node;
    });
    return found;
  }
}
