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

const rules: readonly (readonly [says: string, fits: (seen: Seen) => boolean])[] = [
  ['no network', ({ hasNetwork }) => !hasNetwork],
  [
    'works',
    ({ server, candidates, call }) => (server === 'stun' ? candidates > 0 : call === 'bytes came back'),
  ],
  [
    'too few allocations',
    ({ errors, errorsOfCall }) => [...errors, ...errorsOfCall].some((code) => code === 486 || code === 508),
  ],
  ['passes nothing', ({ call }) => call === 'nothing passed'],
  ['refused', ({ errors }) => errors.includes(401)],
  ['not asked', ({ isFirefoxAskingLoopback }) => isFirefoxAskingLoopback],
  ['no answer', () => true],
];

export function judge(seen: Seen): string {
  return rules.find(([, fits]) => fits(seen))?.[0] ?? 'no answer';
}
