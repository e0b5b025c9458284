import { LabApp, type LabSize } from './app.tsx';
import type { LabDefinition } from './define.ts';
import { LabSession } from './session.ts';

interface Props {
  readonly id: string;
  readonly definition: LabDefinition;
  readonly size: LabSize;
  readonly codeHtml: string;
}

/** A lab before anybody touches it: what the build writes into the page. */
export function IdleLab({ id, definition, size, codeHtml }: Props) {
  return <LabApp session={new LabSession(id, definition)} size={size} codeHtml={codeHtml} />;
}
