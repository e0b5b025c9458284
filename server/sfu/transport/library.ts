/** The native library, loaded when it is first wanted, and let go of when the last one who wanted it is done. */

export type Library = typeof import('node-datachannel');

export interface Loan {
  readonly library: Library;
  /** Once, when all that was made with it is closed. */
  release(): void;
}

let loans = 0;

/**
 * It keeps threads and handles that hold the process: `cleanup()` ends them, and everything that anybody has open in it.
 * So it is counted who uses it.
 *
 * @throws {Error} where there is no build of it for this machine, or it does not load
 */
export async function borrowLibrary(warn: (message: string) => void): Promise<Loan> {
  loans += 1;
  let library: Library;
  try {
    library = await import('node-datachannel');
    library.initLogger('Warning', (_level, message) => warn(message));
  } catch (error) {
    loans -= 1;
    throw error;
  }
  let returned = false;
  return {
    library,
    release: () => {
      if (returned) return;
      returned = true;
      loans -= 1;
      if (loans === 0) library.cleanup();
    },
  };
}
