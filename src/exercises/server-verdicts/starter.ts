interface Seen {
  readonly server: 'stun' | 'turn';
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly candidates: number;
  readonly errors: readonly number[];
  readonly gathering: 'complete' | 'still going';
  readonly call: 'bytes came back' | 'nothing passed' | null;
  readonly errorsOfCall: readonly number[];
  readonly hasNetwork: boolean;
  readonly isFirefoxAskingLoopback: boolean;
}

/** The first rule that fits is the verdict. */
const rules: readonly (readonly [says: string, fits: (seen: Seen) => boolean])[] = [
  ['no answer', ({ errors }) => errors.length > 0],
  ['works', ({ candidates }) => candidates > 0],
];

export function judge(seen: Seen): string {
  return rules.find(([, fits]) => fits(seen))?.[0] ?? 'no answer';
}
