/** What the linter asks of a syntax tree: names, calls, members, literals. Comments and texts are never mistaken for code. */
import { tsxLanguage, typescriptLanguage } from '@codemirror/lang-javascript';

type Tree = ReturnType<typeof typescriptLanguage.parser.parse>;
export type Node = Tree['topNode'];

/** Between the operands and arguments of an expression: brackets and commas begin with no capital, these do. */
const NO_OPERAND: ReadonlySet<string> = new Set([
  'Arrow',
  'ArithOp',
  'BitOp',
  'BlockComment',
  'CompareOp',
  'Equals',
  'LineComment',
  'LogicOp',
  'Optional',
  'TypeAnnotation',
  'TypeArgList',
  'UpdateOp',
]);
const FUNCTIONS: ReadonlySet<string> = new Set(['ArrowFunction', 'FunctionExpression']);

/** A source text and its tree. */
export class Syntax {
  readonly source: string;
  readonly tree: Tree;
  /** Where it cannot be read; undefined when all of it can. */
  readonly brokenAt: number | undefined;
  readonly #lines: readonly number[];

  /** JavaScript or TypeScript, with or without tags in it: whichever of the two readings has no error. */
  constructor(source: string) {
    this.source = source;
    const plain = typescriptLanguage.parser.parse(source);
    this.brokenAt = firstError(plain);
    this.tree = plain;
    if (this.brokenAt !== undefined) {
      const tagged = tsxLanguage.parser.parse(source);
      if (firstError(tagged) === undefined) {
        this.tree = tagged;
        this.brokenAt = undefined;
      }
    }
    this.#lines = [0, ...Array.from(source.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  /** The line of a place in the text, from 1. */
  lineOf(at: number): number {
    return this.#lines.findLastIndex((start) => start <= at) + 1;
  }

  text(node: Node): string {
    return this.source.slice(node.from, node.to);
  }

  /** Every node, from the first to the last. */
  each(visit: (node: Node) => void): void {
    this.tree.iterate({ enter: ({ node }) => visit(node) });
  }

  /** The operands, elements or arguments of a node. */
  parts(node: Node): Node[] {
    const found: Node[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling)
      if (/^[A-Z]/.test(child.name) && !NO_OPERAND.has(child.name)) found.push(child);
    return found;
  }

  /** What is within brackets, before `as` and before `!`. */
  bare(node: Node): Node {
    const isCast = node.name === 'BinaryExpression' && (node.getChild('as') ?? node.getChild('satisfies'));
    if (node.name !== 'ParenthesizedExpression' && node.name !== 'PostfixExpression' && !isCast) return node;
    const [inner] = this.parts(node);
    return inner ? this.bare(inner) : node;
  }

  /** `object.property` or `object['property']`. */
  member(node: Node): { readonly object: Node; readonly property: string; readonly at: Node } | undefined {
    if (node.name !== 'MemberExpression') return undefined;
    const { firstChild: object, lastChild } = node;
    if (!object || !lastChild) return undefined;
    const at = lastChild.name === ']' ? lastChild.prevSibling : lastChild;
    if (!at || at.from === object.from) return undefined;
    const property = at.name === 'PropertyName' ? this.text(at) : this.string(at);
    return property === undefined ? undefined : { object: this.bare(object), property, at };
  }

  /** `navigator.mediaDevices.getUserMedia`, without a `window.` in front; undefined where it is not made of names. */
  path(node: Node): string | undefined {
    const inner = this.bare(node);
    if (inner.name === 'VariableName' || inner.name === 'this') return this.text(inner);
    const member = this.member(inner);
    const object = member && this.path(member.object);
    if (!member || object === undefined) return undefined;
    return /^(window|self|globalThis)$/.test(object) ? member.property : `${object}.${member.property}`;
  }

  /** What is called or constructed, and with what. */
  call(node: Node): { readonly callee: Node; readonly args: Node[]; readonly isNew: boolean } | undefined {
    if (node.name !== 'CallExpression' && node.name !== 'NewExpression') return undefined;
    const [callee] = this.parts(node);
    const list = node.getChild('ArgList');
    return callee && callee.name !== 'ArgList'
      ? {
          callee: this.bare(callee),
          args: list ? this.parts(list).map((arg) => this.bare(arg)) : [],
          isNew: node.name === 'NewExpression',
        }
      : undefined;
  }

  /** The text of a literal. */
  string(node: Node): string | undefined {
    const isPlain =
      node.name === 'String' || (node.name === 'TemplateString' && !node.getChild('Interpolation'));
    return isPlain ? this.text(node).slice(1, -1) : undefined;
  }

  /** Name and value of a property of an object; a method and `{ name }` have no value. */
  property(node: Node): { readonly key: string; readonly value?: Node } | undefined {
    if (node.name !== 'Property') return undefined;
    const name = node.getChild('PropertyDefinition') ?? node.getChild('String');
    if (!name) return undefined;
    const key = name.name === 'String' ? (this.string(name) ?? '') : this.text(name);
    const { lastChild } = node;
    const value =
      node.getChild(':') && lastChild && lastChild.from > name.from ? this.bare(lastChild) : undefined;
    return { key, ...(value && { value }) };
  }

  /** The properties of an object expression by name. */
  properties(node: Node): ReadonlyMap<string, Node | undefined> {
    const found = new Map<string, Node | undefined>();
    for (const child of node.getChildren('Property')) {
      const property = this.property(child);
      if (property) found.set(property.key, property.value);
    }
    return found;
  }

  isFunction(node: Node): boolean {
    return FUNCTIONS.has(node.name);
  }
}

function firstError(tree: Tree): number | undefined {
  let at: number | undefined;
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) at ??= from;
    },
  });
  return at;
}
