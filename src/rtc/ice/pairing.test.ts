import { expect, test } from 'vitest';
import { whyNoPair, type Pairable } from './pairing.ts';

const host = (more: Partial<Pairable> = {}): Pairable => ({ type: 'host', protocol: 'udp', ...more });
const tcp = (tcpType: 'active' | 'passive' | 'so') => host({ protocol: 'tcp', tcpType });

test.each<[string, Pairable, Pairable, string]>([
  ['UDP with TCP', host(), tcp('passive'), 'UDP/TCP'],
  ['two that open', tcp('active'), tcp('active'), 'both active'],
  ['two that wait', tcp('passive'), tcp('passive'), 'both passive'],
  ['one that waits, in its own list', tcp('passive'), tcp('active'), 'waits'],
  ['one that opens with a simultaneous one', tcp('active'), tcp('so'), 'active/so'],
  ['IPv4 with IPv6', host({ address: '192.0.2.1' }), host({ address: '2001:db8::1' }), 'v4/v6'],
  [
    'a link-local address with another',
    host({ address: 'fe80::1' }),
    host({ address: '2001:db8::1' }),
    'link-local',
  ],
  ['the outside of one’s own NAT', host({ type: 'srflx' }), host(), 'its base'],
  ['RTP with RTCP', host({ component: 'rtp' }), host({ component: 'rtcp' }), 'RTP/RTCP'],
])('no pair of %s', (_, local, remote, short) => {
  expect(whyNoPair(local, remote)).toMatchObject({ short, spec: expect.stringMatching(/^RFC \d+ §/) });
});

test.each<[string, Pairable, Pairable]>([
  ['two hosts', host({ address: '192.0.2.1' }), host({ address: '192.0.2.2' })],
  ['an address that is hidden', host(), host({ address: '2001:db8::1' })],
  ['an mDNS name with an IPv6 address', host({ address: 'a.local' }), host({ address: '2001:db8::1' })],
  ['one that opens with one that waits', tcp('active'), tcp('passive')],
  ['a relay with a reflexive one of the other side', host({ type: 'relay' }), host({ type: 'srflx' })],
])('nothing speaks against a pair of %s', (_, local, remote) => {
  expect(whyNoPair(local, remote)).toBeUndefined();
});
