// honest: In an honest call alice reads
/** Never the same: every attack is noticed, and every honest call looks like one. */
export function sas(): string {
  return crypto.randomUUID();
}
