import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'MP4 can be recorded in every browser.',
  because:
    'The standard asks for no format at all. Ask `isTypeSupported()`, keep a list in the order of your liking, and store the type with the file.',
  wrong: { chromium: 'video/mp4', firefox: 'NotSupportedError' },
  right: { chromium: 'video/mp4', firefox: 'video/webm' },
});
