import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'What can the server do?',
  task: [
    'A signaling server carries the descriptions and candidates of a call. Choose what is true of each case.',
  ],
  hints: [
    'The server sees and may change every text. The media does not pass it.',
    'A fingerprint names a certificate; only who has its key can finish the DTLS handshake.',
    'What people compare by another way than this server, it cannot change.',
  ],
  questions: [
    {
      id: 'listens',
      text: 'The server is honest, and somebody reads its log: every description and every candidate. What do they learn?',
      choices: [
        {
          text: 'Who called whom, when, and from which addresses',
          right: true,
          why: 'Names, times, addresses and codecs stand in the texts. The keys of the media do not: DTLS makes them between the peers.',
        },
        {
          text: 'All of that, and the keys to decrypt a recording of the packets',
          why: 'A description has the hash of a certificate, not a key. The keys are made in the handshake, anew for each call.',
        },
        {
          text: 'Nothing: descriptions are encrypted',
          why: 'A server that relays them reads them as plain text; TLS protects only the way to it.',
        },
      ],
    },
    {
      id: 'changes',
      text: 'The server changes one digit of alice’s fingerprint on its way to bob, and nothing else. What happens?',
      choices: [
        {
          text: 'A path is found, and the DTLS handshake fails: no call',
          right: true,
          why: 'ICE does not look at fingerprints. bob compares the certificate of the handshake with the text, and ends it.',
        },
        {
          text: 'The call works, and the server can listen',
          why: 'To listen it would need the key of a certificate with that hash, and a connection of its own.',
        },
        {
          text: '`setRemoteDescription()` refuses the offer',
          why: 'The text is well formed. No browser can know the right hash before it sees the certificate.',
        },
      ],
    },
    {
      id: 'between',
      text: 'The server puts descriptions of its own in the place of both, and connects to each side. What do alice and bob notice in the browser?',
      choices: [
        {
          text: 'Nothing: both read `connected`, and the picture comes',
          right: true,
          why: 'Each handshake is flawless, with the certificate of whoever sits between. Only a comparison by another way shows it.',
        },
        {
          text: 'A warning about a self-signed certificate',
          why: 'All certificates of WebRTC are self-signed; the fingerprint in the text takes the place of an authority.',
        },
        {
          text: '`connectionState` stays `connecting`',
          why: 'It is one thing that the attacker does not want, and nothing forces it: there are two good connections.',
        },
      ],
    },
    {
      id: 'https',
      text: 'The site is served over HTTPS, and signaling goes over a WebSocket with TLS. Does that stop the attack of the question before?',
      choices: [
        {
          text: 'It stops everybody on the way to the server, but not the server itself',
          right: true,
          why: 'TLS ends at the server. Who runs it, or has broken into it, reads and writes the texts.',
        },
        {
          text: 'Yes: nobody can change what TLS protects',
          why: 'Nobody on the way can. The server is not on the way: it is where the protection ends.',
        },
        {
          text: 'No, TLS has nothing to do with it',
          why: 'Without TLS anybody in the same Wi-Fi could change the texts. It is needed, and not enough.',
        },
      ],
    },
    {
      id: 'sender',
      text: 'A client sends `{ to, from: "bob", signal }`, and the server relays `from` as it came. What is the least that repairs it?',
      choices: [
        {
          text: 'The server writes the sender itself, from the connection on which the message came',
          right: true,
          why: 'What a client says about itself is a claim. The connection is a fact, and its seat was given by the server.',
        },
        {
          text: 'The receiver checks that `from` is a member of the room',
          why: 'bob is a member. It is only not bob who wrote this.',
        },
        {
          text: 'Long random ids, so that nobody can guess bob’s',
          why: 'Everybody in the room has been told bob’s id: it is how they address him.',
        },
      ],
    },
  ],
});
