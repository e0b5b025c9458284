import { expect, test } from 'vitest';
import { listenAddresses, plainAddress } from './addresses.ts';

test('a site for one address listens there and on loopback, any other at all addresses', () => {
  const all = [
    { address: '192.168.7.10', loopback: false },
    { address: '10.0.0.1', loopback: false },
    { address: '127.0.0.1', loopback: true },
  ];
  const at = (host: string) => listenAddresses(host, all).map(({ address }) => address);
  expect(at('10.0.0.1')).toEqual(['10.0.0.1', '127.0.0.1']);
  for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '::', 'lab-7.local'])
    expect(at(host)).toHaveLength(3);
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('2600::1')).toBe('2600::1');
});
