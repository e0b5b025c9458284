/** The process of `turn.ts`. */
import { pino } from 'pino';
import { createStunTurn, type StunTurnConfig } from '../../server/stun-turn/stun-turn.ts';
import type { Told } from './turn.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Partial<StunTurnConfig> & { secret: string };
const server = createStunTurn(
  {
    host: '127.0.0.1',
    port: 0,
    tlsPort: 0,
    peers: ['relays'],
    relayPorts: { low: 49_152, high: 65_535 },
    lifetimeSec: 600,
    userQuota: 12,
    totalQuota: 100,
    ...options,
  },
  {
    log: pino({ level: 'warn', base: null }, pino.destination(2)),
    now: () => Math.round(performance.timeOrigin + performance.now()),
    secret: options.secret,
  },
);
const tell = (told: Told) => process.send?.(told);
process.on('message', () => tell({ allocations: server.health.allocations }));
process.on('disconnect', () => {
  server.close();
  process.exit();
});
await server.listen();
tell({ port: server.health.port });
