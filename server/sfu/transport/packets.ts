/** RTCP, told from RTP by its second byte (RFC 5761 §4). */
export function isRtcp(packet: Buffer): boolean {
  const second = packet[1] ?? 0;
  return second >= 192 && second <= 223;
}
