import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const configuration = { iceServers: [{ url: 'stun:stun.example.org' }] };
  const pc = createPeer(configuration as unknown as RTCConfiguration);
  return Promise.resolve(
    `accepted: ${pc
      .getConfiguration()
      .iceServers?.flatMap(({ urls }) => urls)
      .join()}`,
  );
}
