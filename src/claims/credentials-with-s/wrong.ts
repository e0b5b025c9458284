import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const configuration = {
    iceServers: [{ urls: 'turn:turn.example.org', username: 'alice', credentials: 'secret' }],
  };
  const pc = createPeer(configuration);
  return Promise.resolve(
    `accepted: ${pc
      .getConfiguration()
      .iceServers?.flatMap(({ urls }) => urls)
      .join()}`,
  );
}
