import { describe, expect, test } from 'vitest';
import { createPeerPolicy, type PeerMode } from './peers.ts';

describe('which peers are allowed', () => {
  const own = ['127.0.0.1', '::1', '192.168.7.10', '203.0.113.1'];
  const allows = (modes: PeerMode[], address: string) =>
    createPeerPolicy(modes, (other) => own.includes(other))(address);

  test.each([
    ['127.0.0.1', 'machine'],
    ['::1', 'machine'],
    ['192.168.7.10', 'machine'],
    ['203.0.113.1', 'machine'],
    ['192.168.7.11', 'lan'],
    ['10.1.2.3', 'lan'],
    ['172.31.255.255', 'lan'],
    ['fd00::5', 'lan'],
    ['172.32.0.1', 'internet'],
    ['8.8.8.8', 'internet'],
    ['2600::1', 'internet'],
  ] as const)('%s is of %s and of no other', (address, mode) => {
    for (const other of ['relays', 'machine', 'lan', 'internet'] as const)
      expect(allows([other], address), other).toBe(other === mode);
  });

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:808:808',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '127.0.0.2',
    '169.254.169.254',
    '100.64.0.1',
    'fe80::1',
  ])('%s is of none', (address) => {
    expect(allows(['relays', 'machine', 'lan', 'internet'], address)).toBe(false);
  });
});
