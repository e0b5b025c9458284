/** A time or a span as a person reads it: `0.4`, `12.3`, `1 204`. Milliseconds, without the unit. */
export function inMs(ms: number): string {
  if (Math.abs(ms) < 1000) return ms.toFixed(1);
  return Math.round(ms)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f'); // narrow no-break space
}

/** Bits per second with a unit that keeps the number short: `640 bit/s`, `45 kbit/s`, `1.2 Mbit/s`. */
export function inBitrate(bps: number): string {
  if (bps < 1000) return `${Math.round(bps)} bit/s`;
  if (bps < 1_000_000) return `${Math.round(bps / 1000)} kbit/s`;
  return `${(bps / 1_000_000).toFixed(1)} Mbit/s`;
}

/** A share of 0 … 1 in per cent, with one decimal where it is small and not nothing. */
export function inPercent(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
