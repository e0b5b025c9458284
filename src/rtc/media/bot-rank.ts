const NAME = /^(Bot|Browser bot) ([1-8])$/;

/**
 * The place of a numbered bot of a meeting, 0 … 15: those of the server have the even places, those of a browser the odd
 * ones. Colours and tones go by it, so that sixteen of them are told apart by eye and in a spectrum.
 *
 * @returns `undefined` for the name of anybody else
 */
export function botRank(name: string): number | undefined {
  const [, kind, number] = NAME.exec(name) ?? [];
  return kind === undefined ? undefined : 2 * (Number(number) - 1) + (kind === 'Bot' ? 0 : 1);
}
