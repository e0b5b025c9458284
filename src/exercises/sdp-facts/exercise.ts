import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { vary } from './vary.ts';

export default defineExercise({
  kind: 'answer',
  title: 'Eight facts in a description',
  task: [
    'This description was captured from a browser and then given other keys, other numbers and other m-sections by chance; “Reset” makes another one. Find eight facts in it.',
    'Answer with a word or a number, as it stands in the text.',
  ],
  hints: [
    'A line that begins with `m=` begins an m-section, and all that follows belongs to it until the next `m=`. What stands before the first one holds for all.',
    'An `a=rtpmap` line names the codec of a payload type; an `a=fmtp` line with `apt=` names the payload type that it repeats.',
    '`a=setup:actpass` leaves the roles of DTLS open, which only an offer may do. The answer chooses `active` or `passive`.',
  ],
  make(random) {
    const { type, sdp, facts } = vary(random);
    return {
      text: sdp.trimEnd(),
      head: ['What', 'Answer'],
      rows: [
        {
          id: 'type',
          cells: ['Is it an offer or an answer?'],
          right: type,
          why: 'Only an offer leaves the roles of DTLS open: look at `a=setup`.',
        },
        {
          id: 'sections',
          cells: ['How many m-sections has it?'],
          right: String(facts.sections),
          why: 'Each line that begins with `m=` begins one, also the one for data channels.',
        },
        {
          id: 'mid',
          cells: ['The `mid` of the section for video'],
          right: facts.videoMid,
          why: 'It is the `a=mid` line below `m=video`. The order of the sections says nothing about it.',
        },
        {
          id: 'direction',
          cells: ['The direction of the audio'],
          right: facts.audioDirection,
          why: 'One of `sendrecv`, `sendonly`, `recvonly`, `inactive`, a line of its own below `m=audio`.',
        },
        {
          id: 'vp8',
          cells: ['The payload type of VP8'],
          right: facts.vp8,
          why: 'The number in the `a=rtpmap` line that names VP8. It holds in this description and in no other.',
        },
        {
          id: 'rtx',
          cells: ['The payload type in which VP8 is sent again'],
          right: facts.retransmission,
          why: 'Two payload types are called rtx. The one of VP8 has an `a=fmtp` line with `apt=` and VP8’s number.',
        },
        {
          id: 'ufrag',
          cells: ['The user name fragment of ICE'],
          right: facts.usernameFragment,
          why: 'It stands in `a=ice-ufrag`. All sections that are bundled have the same one.',
        },
        {
          id: 'fingerprint',
          cells: ['The first byte of the certificate’s hash'],
          right: facts.firstByte,
          why: 'Two hexadecimal digits, after the name of the hash function in `a=fingerprint`.',
        },
      ],
    };
  },
});
