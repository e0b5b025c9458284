import chromium from '../../../../tests/fixtures/wire/chromium-156.json';
import firefox from '../../../../tests/fixtures/wire/firefox-153.json';
import type { AllocationSample } from '../../../rtc/stun/allocation.ts';
import { record, type Step } from './record.fixture.ts';

const captures = { chromium, firefox };
const SERVER = '10.9.0.1:3478';

/** What a browser and a TURN server said to each other, as entries: the first client is alice, the second bob. */
export function wireSteps(browser: keyof typeof captures = 'chromium'): Step[] {
  const clients: string[] = [];
  return captures[browser].messages.flatMap(({ atMs, source, destination, bytes }): Step[] => {
    const isReceived = destination === SERVER;
    if (!isReceived && source !== SERVER) return [];
    const client = isReceived ? source : destination;
    if (!clients.includes(client)) clients.push(client);
    const peer = clients.indexOf(client) % 2 === 0 ? 'alice' : 'bob';
    const way = isReceived ? 'received' : 'sent';
    const seenMs = atMs + 1000;
    return [
      [
        peer,
        { kind: 'wire-message', at: 'server', way, transport: 'udp', source, destination, bytes, seenMs },
        atMs,
      ],
    ];
  });
}

export const wireRecord = (browser: keyof typeof captures = 'chromium') => record(...wireSteps(browser));

export const allocation = (more: Partial<AllocationSample> = {}): AllocationSample => ({
  peer: 'alice',
  transport: 'udp',
  client: '10.9.0.1:56485',
  server: SERVER,
  relayed: '10.9.0.1:49185',
  lifetimeLeftMs: 600_000,
  permissions: [{ address: '10.9.0.1', leftMs: 300_000 }],
  channels: [{ number: 0x4000, peer: '10.9.0.1:49199', leftMs: 600_000 }],
  fromClient: { packets: 100, bytes: 20_000 },
  toClient: { packets: 80, bytes: 16_000 },
  channelDataFromClient: { packets: 90, bytes: 18_000 },
  channelDataToClient: { packets: 70, bytes: 14_000 },
  dropped: 0,
  ...more,
});
