import { candidatePairPriority, candidatePriorityParts } from '../../rtc/ice/candidate.ts';

/** Thousands apart, by narrow spaces: these numbers have up to nineteen digits. */
const grouped = (value: number | bigint | string): string =>
  String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** A candidate's priority as the field of bits that it is (RFC 8445 §5.1.2.1). */
export function PriorityBits({ priority }: { readonly priority: number }) {
  const { typePreference, localPreference, componentId } = candidatePriorityParts(priority);
  const parts = [
    { name: 'type preference', value: typePreference, factor: '× 2²⁴', bits: 7, share: typePreference / 126 },
    {
      name: 'local preference',
      value: localPreference,
      factor: '× 2⁸',
      bits: 16,
      share: localPreference / 65_535,
    },
    {
      name: '256 − component',
      value: 256 - componentId,
      factor: '',
      bits: 8,
      share: (256 - componentId) / 255,
    },
  ];
  return (
    <dl class="ps-bits" aria-label={`Priority ${priority}, taken apart`}>
      {parts.map(({ name, value, factor, bits, share }) => (
        <div key={name} style={{ '--bits': bits, '--share': `${Math.min(1, share) * 100}%` }}>
          <dt>{name}</dt>
          <dd>
            {grouped(value)} <small>{factor}</small>
          </dd>
        </div>
      ))}
      <div class="ps-bits-sum">
        <dt>priority</dt>
        <dd>= {grouped(priority)}</dd>
      </div>
    </dl>
  );
}

/** The priority of a pair, with its numbers put into the formula (RFC 8445 §6.1.2.3). */
export function PairPriority({
  local,
  remote,
  role,
}: {
  local: number;
  remote: number;
  role: RTCIceRole | undefined;
}) {
  const [controlling, controlled] = role === 'controlled' ? [remote, local] : [local, remote];
  const whose = role === 'controlled' ? 'remote' : 'local';
  return (
    <div class="ps-formula">
      <p>
        <code>2³² × min(G, D) + 2 × max(G, D) + (G &gt; D ? 1 : 0)</code>
      </p>
      <p>
        G = {grouped(controlling)} (the controlling side’s, here the {whose} one), D = {grouped(controlled)}
      </p>
      <p>
        = <b>{grouped(candidatePairPriority(controlling, controlled))}</b>
      </p>
    </div>
  );
}
