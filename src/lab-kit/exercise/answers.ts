import type { AnswerRow } from './define.ts';

/**
 * Whether a written answer is the right one. Spaces at the ends and within a number, and upper case, do not matter;
 * a number may be off by the row's tolerance.
 */
export function isRight({ right, tolerance = 0 }: AnswerRow, written: string): boolean {
  const text = written.trim().toLowerCase();
  if (text === '') return false;
  if (text === right.trim().toLowerCase()) return true;
  const digits = text.replaceAll(/[\s_'’\u202f\u00a0]/g, '');
  if (!/^-?\d+(\.\d+)?$/.test(digits) || !/^-?\d+(\.\d+)?$/.test(right)) return false;
  // As whole numbers where both are: a priority of a pair is larger than a double is exact.
  if (tolerance === 0 && !/\./.test(digits + right)) return BigInt(digits) === BigInt(right);
  return Math.abs(Number(digits) - Number(right)) <= tolerance;
}
