import type { CandidateSample } from '../../rtc/stats/sample.ts';

/** The pair of candidates that carries the media: `host ↔ relay, udp`. */
export function PairWords({
  local,
  remote,
}: {
  readonly local: CandidateSample;
  readonly remote: CandidateSample;
}) {
  return (
    <span class="ps-pair">
      uses <b data-type={local.type}>{local.type}</b> ↔ <b data-type={remote.type}>{remote.type}</b>
      {local.protocol && `, ${local.protocol}`}
    </span>
  );
}
