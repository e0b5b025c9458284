/** Starts the server: reads the configuration, listens, ends cleanly. Nothing else starts anything. */
import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';

/** The end must not hang on a client that does not answer. */
const END_MS = 1_500;

try {
  const app = await createApp(readConfig(process.env));
  const { url, origins } = await app.listen();
  console.log(`Peerscope is at ${url}`);
  if (origins.length > 0) console.log(`From other devices: ${origins.join('/  ')}/`);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      setTimeout(() => process.exit(1), END_MS).unref();
      void app.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}
