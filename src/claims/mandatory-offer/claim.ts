import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`{ mandatory: { OfferToReceiveVideo: true } }` asks the other side for its picture.',
  because:
    'Nobody reads it any more: the offer has no m-section, and nothing can come. A transceiver that only receives says so, and both browsers know it (webrtc-pc §5.4).',
  wrong: { chromium: '0 m-sections', firefox: '0 m-sections' },
  right: { chromium: '2 m-sections', firefox: '2 m-sections' },
});
