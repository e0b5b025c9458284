import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.ts';
import { codeOf } from './error-code.ts';

/**
 * A file of the state folder: as it is if `usable` says so, else made anew. Readable by its owner only.
 *
 * @throws {ConfigError} when the folder cannot be written
 */
export async function keepFile(
  stateDir: string,
  name: string,
  usable: (text: string) => boolean,
  make: () => string | Promise<string>,
): Promise<string> {
  const path = join(stateDir, name);
  try {
    const text = readIfThere(path);
    if (text !== undefined && usable(text)) return text;
    const made = await make();
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(path, made, { mode: 0o600 });
    return made;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new ConfigError(
      `${path} cannot be kept (${code}): set STATE_DIR to a folder that this user can write.`,
    );
  }
}

/** The secret of the session tokens: kept, so that participants get their ids back after a restart. */
export function keepSessionSecret(stateDir: string): Promise<string> {
  return keepFile(
    stateDir,
    'session-secret',
    (text) => text.length >= 32,
    () => randomBytes(32).toString('base64url'),
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
