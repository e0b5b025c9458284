import { expect, test } from 'vitest';
import { sharedImports } from './registry.ts';

test('the shared files of a column are those that it imports code from', () => {
  const text = `import type { Participant } from '../../lab-kit/compare/define.ts';
import type { Message } from '../_shared/types.ts';
import { connect,
  leave } from '../_shared/signaling.ts';
import { Peer } from '../_shared/peer.ts';
`;
  expect(sharedImports(text)).toEqual(['signaling.ts', 'peer.ts']);
  expect(sharedImports(`import { Peer } from './peer.ts';`, true)).toEqual(['peer.ts']);
});
