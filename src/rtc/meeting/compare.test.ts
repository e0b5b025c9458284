import { expect, test } from 'vitest';
import type { Topology } from '../../protocol/middlebox.ts';
import { knownOf, projectedBill, SIMULCAST_FACTOR, type MeasuredBill } from './compare.ts';
import { costOf } from './cost.ts';

/** A mesh of three links, each of which sends 1 Mbit/s and receives 2. */
const link = { upstreamBps: 1e6, downstreamBps: 2e6, encoders: 1, decoders: 1, encodeShare: 0.1 };
const now = costOf([link, link, link]);
const bill = { connections: 3, figures: { upstreamBps: 3e6, downstreamBps: 6e6, encoders: 3 } };

test('through an SFU one sends once, whoever else comes; through an MCU one receives once as well', () => {
  for (const others of [3, 8]) {
    expect(projectedBill(bill, 'sfu', others)).toEqual({
      connections: 2,
      figures: { upstreamBps: 1e6 * SIMULCAST_FACTOR, downstreamBps: 2e6 * others, encoders: 3 },
    });
    expect(projectedBill(bill, 'mcu', others)).toEqual({
      connections: 2,
      figures: { upstreamBps: 1e6, downstreamBps: 2e6, encoders: 1 },
    });
  }
  expect(projectedBill(bill, 'mesh', 8)).toMatchObject({
    connections: 8,
    figures: { upstreamBps: 8e6, downstreamBps: 16e6, encoders: 8 },
  });
});

test('what is in use is measured, what was in use keeps its figures, the rest is projected and says so', () => {
  const kept: MeasuredBill = { connections: 2, figures: { upstreamBps: 1.1e6 }, at: new Date(0), people: 3 };
  const options = {
    inUse: 'mesh',
    now,
    people: 4,
    before: new Map<Topology, MeasuredBill>([['sfu', kept]]),
  } as const;
  expect(knownOf('mesh', options)).toMatchObject({ is: 'now', bill: { figures: { upstreamBps: 3e6 } } });
  expect(knownOf('sfu', options)).toEqual({ is: 'before', bill: kept });
  expect(knownOf('mcu', options)).toMatchObject({
    is: 'projected',
    bill: { figures: { upstreamBps: 1e6 } },
    from: { people: 4 },
  });
});

test('without a mesh that was measured nothing is projected', () => {
  const options = { inUse: 'sfu', now, people: 4, before: new Map() } as const;
  expect(knownOf('mesh', options)).toEqual({ is: 'unknown' });
  expect(knownOf('mcu', options)).toEqual({ is: 'unknown' });
  const nobody = { inUse: 'mesh', now: costOf([]), people: 1, before: new Map() } as const;
  expect(knownOf('sfu', nobody)).toEqual({ is: 'unknown' });
});

test('a mesh that was measured earlier is projected to those who are here now', () => {
  const mesh: MeasuredBill = { ...bill, at: new Date(0), people: 4 };
  const options = {
    inUse: 'sfu',
    now,
    people: 7,
    before: new Map<Topology, MeasuredBill>([['mesh', mesh]]),
  } as const;
  expect(knownOf('mcu', options)).toMatchObject({ is: 'projected', people: 7, from: { people: 4 } });
  expect(knownOf('mesh', options)).toEqual({ is: 'before', bill: mesh });
});
