/**
 * Import this before anything that makes zod schemas: our pages allow no `eval`, and zod would try it, fall
 * back, and leave a policy violation in the console. A schema decides when it is made, hence a module of its own.
 */
import * as z from 'zod';

if ('document' in globalThis || 'WorkerGlobalScope' in globalThis) z.config({ jitless: true });
