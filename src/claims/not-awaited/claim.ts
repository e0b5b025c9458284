import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`setRemoteDescription()` is not awaited, and the offer has a mistake in it.',
  because:
    'The operations chain keeps the order, so without a mistake it works. With one, the error of the first call is lost, and the second complains of something else. Await, and you are told what is wrong.',
  wrong: { chromium: 'InvalidStateError', firefox: 'InvalidStateError' },
  right: { chromium: 'OperationError', firefox: 'OperationError' },
});
