import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { attachParts, type Parts } from './parts.ts';
import { keepSessionSecret } from './state.ts';

/**
 * The parts of production on the development server. The secret is kept: participants stay in their rooms
 * while the server's code is changed under them.
 *
 * @param host where the development server listens: it has a setting of its own
 * @throws {ConfigError} as `readConfig` does
 */
export async function attachDevParts(http: HttpServer | HttpsServer, host: string): Promise<Parts> {
  const config = { ...readConfig(process.env), host };
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const sessionSecret = config.sessionSecret ?? (await keepSessionSecret(config.stateDir));
  const parts = attachParts(http, config, { log, sessionSecret });
  await parts.listen();
  return parts;
}
