import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import type { attachDevParts } from './dev-parts.ts';
import type { Parts } from './parts.ts';

const SERVER = new URL('./', import.meta.url);
const PROTOCOL = new URL('../src/protocol/signaling.ts', import.meta.url);

/**
 * Puts the signaling server on Astro's development server: one process, one port, as in production.
 *
 * Vite's own WebSocket is left alone. There is no Content-Security-Policy here: Vite writes inline scripts of
 * its own. A change of any file of the server restarts it; clients return to their seats.
 */
export default function peerscopeServer(): AstroIntegration {
  let parts: Parts | undefined;
  return {
    name: 'peerscope-server',
    hooks: {
      'astro:config:setup': ({ command, addWatchFile }) => {
        if (command === 'dev') for (const file of [...serverFiles(), PROTOCOL]) addWatchFile(file);
      },
      'astro:server:setup': async ({ server }) => {
        if (!server.httpServer) return;
        // Not a static import: Node would keep the module as it was before the change.
        const path = fileURLToPath(new URL('dev-parts.ts', SERVER));
        const module = (await server.ssrLoadModule(path)) as { attachDevParts: typeof attachDevParts };
        const { host } = server.config.server;
        const attached = await module.attachDevParts(
          server.httpServer as Parameters<typeof attachDevParts>[0],
          host === true ? '0.0.0.0' : host || 'localhost',
        );
        parts = attached;
        server.middlewares.use((request, response, next) => {
          if (!attached.handle(request, response).answered) next();
        });
      },
      'astro:server:done': () => {
        parts?.close();
        parts = undefined;
      },
    },
  };
}

function serverFiles(): URL[] {
  const paths = readdirSync(SERVER, { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => new URL(path, SERVER));
}
