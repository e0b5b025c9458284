import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const configuration = {
    iceServers: [{ urls: ['stun:stun.l.google.com:1902', 'stun:stun.1.google.com:19302'] }],
  };
  const pc = createPeer(configuration);
  return Promise.resolve(
    `accepted: ${pc
      .getConfiguration()
      .iceServers?.flatMap(({ urls }) => urls)
      .join()}`,
  );
}
