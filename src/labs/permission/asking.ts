import { deskOf } from '../../lab-kit/desk.ts';
import type { RtcError } from '../../rtc/errors.ts';
import type { Refusal } from './zoo.ts';

/** What the panel asks the run to ask the browser. */
export interface Wish {
  readonly constraints: MediaStreamConstraints;
  /** The refusal to meet in place of the browser's answer; undefined really asks. */
  readonly refusal: Refusal | undefined;
}

/** What came of it. */
export type Answer =
  | { readonly is: 'stream'; readonly stream: MediaStream }
  | {
      readonly is: 'refused';
      readonly refusal: Refusal | undefined;
      /** As it was thrown. */
      readonly thrown: unknown;
      /** As a person should read it. */
      readonly error: RtcError;
    };

export const askDesk = deskOf<Wish, Answer>();
