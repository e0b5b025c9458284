import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'What does this line tell?',
  task: [
    'bob has received these lines from alice. Say for each what he knows about her when he has read it.',
  ],
  hints: [
    'The fifth word of a candidate is the address. What kind of address is it, and whose?',
    'After `raddr` stands the address behind the candidate, unless the browser has hidden it.',
    'A description is written by a browser, and each writes in its own manner.',
  ],
  questions: [
    {
      id: 'hidden',
      text: 'candidate:842163049 1 udp 2113937151 6339c289-2f3f-46e2-8ebe-a9b7dc91d0e1.local 40411 typ host',
      choices: [
        {
          text: 'Her address in her network, encrypted',
          why: 'Nothing is encrypted here. The name is random and stands for the address only as long as her browser answers for it.',
        },
        {
          text: 'A port, and a name that only her own network can resolve',
          right: true,
          why: 'mDNS is heard by the computers of one network. If bob is in it, the call can be direct; elsewhere the name says nothing.',
        },
        {
          text: 'That she is in the same network as he',
          why: 'The line is the same wherever bob is. Whether the name resolves is another matter.',
        },
      ],
    },
    {
      id: 'srflx',
      text: 'candidate:1677 1 udp 1677729535 203.0.113.5 61000 typ srflx raddr 0.0.0.0 rport 0',
      choices: [
        {
          text: 'The outside address of her network, as the STUN server saw it',
          right: true,
          why: 'Her provider, and roughly where she is. Only what is behind it is hidden.',
        },
        {
          text: 'The address of the STUN server',
          why: 'The server’s address is in no candidate. It told her where her own packet came from.',
        },
        {
          text: 'Nothing: raddr is 0.0.0.0',
          why: 'raddr is what stands behind the candidate. The candidate’s own address is in front of it, in the clear.',
        },
      ],
    },
    {
      id: 'relay',
      text: 'candidate:3 1 udp 50340095 198.51.100.2 49160 typ relay raddr 203.0.113.5 rport 61000',
      choices: [
        {
          text: 'Only the relay’s address',
          why: 'Read on: the line does not end there.',
        },
        {
          text: 'The relay’s address, and her own outside one',
          right: true,
          why: 'raddr of a relayed candidate is the mapped address, the one from which the TURN server saw her come. With iceTransportPolicy “relay” Chromium writes 0.0.0.0 there.',
        },
        {
          text: 'The relay’s address, and hers within her network',
          why: '203.0.113.5 is not an address of a home network; it is what the TURN server saw.',
        },
      ],
    },
    {
      id: 'browser',
      text: 'o=mozilla...THIS_IS_SDPARTA-99.0 7432951 0 IN IP4 0.0.0.0',
      choices: [
        {
          text: 'She uses version 99 of Firefox',
          why: 'The number has stood still there for years, so that pages do not read the version from it.',
        },
        {
          text: 'She uses Firefox',
          right: true,
          why: 'No other browser writes its origin line so. The form of a description tells which code made it.',
        },
        {
          text: 'She has no network',
          why: 'The address in an origin line is not used for anything, and browsers write 0.0.0.0 or 127.0.0.1.',
        },
      ],
    },
    {
      id: 'certificate',
      text: 'a=fingerprint:sha-256 BC:9C:17:C8:… – the very same line in a call of last week, from somebody with another name',
      choices: [
        {
          text: 'Both callers use the same browser',
          why: 'A fingerprint is the hash of a certificate, and each browser makes its own, by default for each connection.',
        },
        {
          text: 'Both calls came from whoever holds that certificate’s key',
          right: true,
          why: 'A page can keep a certificate and use it again. That makes a caller recognisable, whatever the name.',
        },
        {
          text: 'Both calls went over the same network',
          why: 'The network is nowhere in a certificate.',
        },
      ],
    },
  ],
});
