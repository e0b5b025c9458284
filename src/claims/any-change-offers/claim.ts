import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'Whenever anything changes in a connection, a new offer and answer are required.',
  because:
    'Only when what the two have agreed on no longer fits: another section, another direction, the first data channel, an ICE restart. Another track in a sender, muting, a bitrate, a further channel: no. And what is changed in one task is one event.',
  wrong: {
    chromium: '4 changes, negotiationneeded fired 0 times',
    firefox: '4 changes, negotiationneeded fired 0 times',
  },
  right: {
    chromium: '3 changes in one task, negotiationneeded fired 1 time',
    firefox: '3 changes in one task, negotiationneeded fired 1 time',
  },
});
