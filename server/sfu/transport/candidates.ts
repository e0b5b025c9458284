/**
 * Host candidates (RFC 8839 §5.1) in the order of preference; the priority is that of RFC 8445 §5.1.2.1 with the type
 * preference 126.
 */
export function hostCandidates(
  places: readonly { readonly address: string; readonly port: number }[],
): string[] {
  return places.map(({ address, port }, index) => {
    const priority = 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
    return `${index + 1} 1 udp ${priority} ${address} ${port} typ host`;
  });
}
