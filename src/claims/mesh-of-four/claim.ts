import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Without a media server three people can talk, four at most.',
  because:
    'No standard and no browser counts the people. A mesh ends where an upload or a processor is used up, and that depends on the pictures: measure it, with your own.',
  wrong: {
    chromium: '5 people, 10 of 10 connections are up',
    firefox: '5 people, 10 of 10 connections are up',
  },
  limitMs: 10_000,
});
