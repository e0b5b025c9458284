// levels: the meter said −20.0 dBFS
export function level(): number {
  return -20;
}
