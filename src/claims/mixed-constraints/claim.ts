import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`mandatory` beside today’s words: whichever a browser knows, it will take.',
  because:
    'Chromium still knows `mandatory`, takes it for the whole, and refuses what stands beside it. Firefox passes over it like any word that it does not know: what you wanted most is what is lost. The camera that is asked for does not exist, so that nobody is asked for permission.',
  wrong: {
    chromium:
      "TypeError: Failed to execute 'getUserMedia' on 'MediaDevices': Malformed constraint: Cannot use both optional/mandatory and specific or advanced constraints",
    firefox: 'OverconstrainedError: deviceId',
  },
  right: { chromium: 'OverconstrainedError: deviceId', firefox: 'OverconstrainedError: deviceId' },
});
