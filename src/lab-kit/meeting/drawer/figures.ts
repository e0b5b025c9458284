import type { FigureName } from '../../../rtc/meeting/cost.ts';
import { inBitrate, inPercent } from '../../panels/model/format.ts';

const count = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toFixed(1));

/** What each figure is called, and how it is written. */
export const figureWords: Readonly<
  Record<FigureName, { readonly title: string; readonly write: (value: number) => string }>
> = {
  encoders: { title: 'Encoders of video', write: count },
  decoders: { title: 'Decoders of video', write: count },
  upstreamBps: { title: 'Upstream', write: inBitrate },
  downstreamBps: { title: 'Downstream', write: inBitrate },
  encodeShare: { title: 'Time for encoding video', write: inPercent },
  decodeShare: { title: 'Time for decoding video', write: inPercent },
};
