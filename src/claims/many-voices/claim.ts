import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The voices of many cannot be forwarded one by one: they are too much for a line, and need a server that mixes them.',
  because:
    'A voice is small. Eight of them, all sounding at once over one connection, are fewer bits than one modest picture; and a server forwards only the loudest.',
  wrong: {
    chromium: '8 voices over one connection, less than 500 kbit/s together',
    firefox: '8 voices over one connection, less than 500 kbit/s together',
  },
  limitMs: 10_000,
});
