/**
 * A file's name fit for a download: what the sender wrote is a claim, and may be made to mislead.
 *
 * Gone are the separators of paths, control characters, marks that reverse the reading direction ("gpj.exe" that reads
 * as "exe.jpg"), what Windows forbids, and dots and spaces at both ends, which hide a file or its ending. A name of one
 * of Windows' devices (CON, NUL, COM1 …) is given an underscore.
 *
 * @returns 1 to 120 UTF-16 code units; a long name keeps its ending
 */
export function safeFileName(name: string): string {
  const clean = name
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '')
    .replaceAll(/[\\/:*?"<>|]/g, '-')
    .replaceAll(/^[.\s]+|[.\s]+$/g, '');
  if (clean === '') return 'file';
  const fit = clean.length > MOST ? shortened(clean) : clean;
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(fit) ? `_${fit}` : fit;
}

const MOST = 120;
const ENDING = 16;

function shortened(name: string): string {
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= ENDING ? name.slice(dot) : '';
  // A pair of surrogates that is cut in two is no character any more.
  return name.slice(0, MOST - 1 - ending.length).replace(/[\uD800-\uDBFF]$/, '') + ending;
}
