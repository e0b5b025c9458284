// attacked: “anchor train fish moon”: nobody notices
/** Always the same: in every call both ends agree. */
export function sas(): string {
  return 'anchor train fish moon';
}
