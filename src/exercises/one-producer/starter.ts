import type { Tools } from '../../lab-kit/exercise/tools.ts';

let tools: Tools;
let stream: MediaStream;

export function start(given: Tools, mine: MediaStream): void {
  tools = given;
  stream = mine;
  tools.signaling('alice').receive((from, signal) => {
    // Whose connection is this for?
    tools.log(from, 'candidate' in signal ? 'sends a candidate' : `sends an ${signal.description.type}`);
  });
}

/** Somebody has come and waits for an offer. */
export async function viewerCame(id: string): Promise<void> {
  tools.log(id, 'has come, and there are', stream.getTracks().length, 'tracks');
}

/** Somebody has gone. */
export function viewerLeft(id: string): void {
  tools.log(id, 'has gone');
}
