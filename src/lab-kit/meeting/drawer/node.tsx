import type { Point } from './drawing.ts';

const RADIUS_PX = 22;
/** Wide enough for most names at the size of the drawing's text. */
const NAME_LENGTH = 16;

interface NodeProps {
  readonly at: Point;
  readonly name: string;
  /** Below the name. */
  readonly lines: readonly string[];
  readonly isSelf?: boolean;
}

/** A participant in a drawing. */
export function Node({ at: { x, y }, name, lines, isSelf = false }: NodeProps) {
  const shown = name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
  return (
    <g class="meet-node" data-self={isSelf || undefined}>
      <circle cx={x} cy={y} r={RADIUS_PX} />
      <text x={x} y={y + 6} class="meet-initial">
        {String.fromCodePoint(name.codePointAt(0) ?? 0x20).toUpperCase()}
      </text>
      <text x={x} y={y + RADIUS_PX + 18} class="meet-node-name">
        {shown}
      </text>
      {lines.map((line, index) => (
        <text key={index} x={x} y={y + RADIUS_PX + 36 + 17 * index}>
          {line}
        </text>
      ))}
    </g>
  );
}
