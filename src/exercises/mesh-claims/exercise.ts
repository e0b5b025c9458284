import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'Find what is wrong about the mesh',
  task: [
    'Sentences about meetings without a media server, as tutorials have them. Of each set choose the one that is true.',
  ],
  hints: [
    'Count connections, not people: who sends what to whom?',
    'Ask of each limit in what unit it is. “People” is not one that a cable knows.',
    'alice sends n − 1 times, and receives n − 1 times. What others send to each other does not pass her.',
  ],
  questions: [
    {
      id: 'limit',
      text: 'Until how many people does a mesh work?',
      choices: [
        {
          text: 'Until n − 1 pictures no longer fit through somebody’s upload, or nobody’s processor can encode them',
          right: true,
          why: 'Both are measured in bits and in time. Small pictures carry more people than large ones, and sound alone many more.',
        },
        {
          text: 'Three: from the fourth on WebRTC needs a media server',
          why: 'Nothing in the standard counts people. Run the lab with six.',
        },
        {
          text: 'Four: a browser opens no more connections at once',
          why: 'Browsers open some hundreds. With six people each page has five.',
        },
      ],
    },
    {
      id: 'seventh',
      text: 'Six people are in a mesh. A seventh comes, and all pictures stay as large as they are. What changes for alice?',
      choices: [
        {
          text: 'She sends a fifth more than before: six times one picture in place of five',
          right: true,
          why: 'Her upload grows with n − 1. So does what she receives, and what her browser decodes.',
        },
        {
          text: 'Nothing: the newcomer makes the offers and so pays for them',
          why: 'Who offers decides who writes the first description. Media goes both ways afterwards.',
        },
        {
          text: 'She sends more than a third more, since the room has 21 connections in place of 15',
          why: 'Of these 21 she has six. The others pass between other people and cost her nothing.',
        },
      ],
    },
    {
      id: 'encoders',
      text: 'alice’s one camera goes to five connections. How often is it encoded?',
      choices: [
        {
          text: 'Five times: each connection has an encoder, a bandwidth estimate and keys of its own',
          right: true,
          why: 'So bob on a slow line gets a small picture, and carol a large one. The processor pays for it.',
        },
        {
          text: 'Once: the packets are copied by the browser',
          why: 'Then all would have to take the size that suits the slowest one, and one key for all.',
        },
        {
          text: 'Once for each codec that the others chose',
          why: 'Two connections with the same codec still have two encoders: nothing in the standard shares them, and today’s browsers do not.',
        },
      ],
    },
    {
      id: 'server',
      text: 'Everybody’s upload is used up. What makes room without a media server?',
      choices: [
        {
          text: 'Sending less in each connection: a smaller picture, fewer frames, a lower `maxBitrate`, sound alone',
          right: true,
          why: 'Upload is (n − 1) times one picture: with n given, the picture is what can shrink.',
        },
        {
          text: 'Using one RTCPeerConnection for all others together',
          why: 'A connection has one other end: one pair of candidates, one DTLS session. There is no way to put two people behind it.',
        },
        {
          text: 'A TURN server: it copies what you send to everybody',
          why: 'TURN passes on packets, each to one address. You send just as many of them.',
        },
      ],
    },
  ],
});
