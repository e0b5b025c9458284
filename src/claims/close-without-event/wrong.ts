import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  let cleanedUp = false;
  pc.addEventListener('connectionstatechange', () => (cleanedUp = true));
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return `${cleanedUp ? 'One event' : 'No event'}; connectionState is ${pc.connectionState}.`;
}
