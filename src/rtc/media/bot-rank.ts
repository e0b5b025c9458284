const NAME = /^(?:Bot ([1-9]|[12]\d|30)|Browser bot ([1-8]))$/;

/**
 * The place of a numbered bot of a meeting, 0 … 15: those of the server have the even places, those of a browser the odd
 * ones. Colours and tones go by it, so that sixteen of them are told apart by eye and in a spectrum. After its eighth the
 * server’s begin anew: there are thirty at most, with eight pictures and tones.
 *
 * @returns `undefined` for the name of anybody else
 */
export function botRank(name: string): number | undefined {
  const [, server, browser] = NAME.exec(name) ?? [];
  if (server) return 2 * ((Number(server) - 1) % 8);
  return browser ? 2 * (Number(browser) - 1) + 1 : undefined;
}
