/** Numbers as the sentences of findings have them. */
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
export const inMs = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);
export const inPercent = (share: number): string => `${Math.round(share * 100)} %`;
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
export const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;

/** The browser's words as a quotation; a long story is cut. */
export const quoted = (message: string): string =>
  `“${(message.length > 160 ? `${message.slice(0, 159)}…` : message).replace(/\.$/, '')}”`;
