import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'Six situations, six libraries',
  task: [
    'Each situation has one choice that fits and two that do not. Read what is there already, and who is to run what.',
  ],
  hints: [
    'Ask first which layer is missing. A library that brings a layer which you have already will be in your way.',
    'Then ask how many people. More than a few, and there has to be a media server; somebody has to run it.',
    'What has to be yours, since it is your product, must not be inside a library that decides it.',
  ],
  questions: [
    {
      id: 'two-pages',
      text: 'Your game has a server with rooms and a WebSocket to each player. Two players are to exchange moves and a file directly. If the line breaks, they start again. You do not want to write offers.',
      choices: [
        {
          text: 'simple-peer',
          right: true,
          why: 'It makes the offers and gives you a stream of data. Its signals go over the WebSocket that is there.',
        },
        {
          text: 'PeerJS',
          why: 'It would do it, but it brings ids, a socket and a server of its own. You have all of that, and then twice.',
        },
        {
          text: 'LiveKit',
          why: 'A media server for two players who want to talk past servers. All data would go through it.',
        },
      ],
    },
    {
      id: 'tomorrow',
      text: 'A school needs meetings from tomorrow: thirty people, screen sharing, chat, raised hands. There is a machine and somebody who can run packages on it. Nobody writes code.',
      choices: [
        {
          text: 'Jitsi Meet',
          right: true,
          why: 'It is the whole application, its page too, and its handbook describes how to install it from packages.',
        },
        {
          text: 'mediasoup',
          why: 'It is a library. Signals, rooms, rights and every button would have to be written, and tomorrow is near.',
        },
        {
          text: 'simple-peer',
          why: 'Thirty people in a mesh means 29 uploads for each of them. And there would be no page.',
        },
      ],
    },
    {
      id: 'product',
      text: 'A small team builds lessons with live video into its own web, iOS and Android apps. Forty people in a room, who may speak is decided by the team’s server, every lesson is recorded. The look is to be their own.',
      choices: [
        {
          text: 'LiveKit',
          right: true,
          why: 'Rooms, rights in a signed token, recording and clients for all three systems are there, and the page stays theirs.',
        },
        {
          text: 'Jitsi Meet',
          why: 'Embedded, it brings its own look. A wholly different one means to build on its inner library and to follow its server.',
        },
        {
          text: 'JsSIP',
          why: 'It speaks SIP with a server that you would have to find. Rooms of forty with rights are not what SIP gives you.',
        },
      ],
    },
    {
      id: 'own-rules',
      text: 'In your world of avatars everybody hears whoever stands near. Your own service in Node knows all positions and all accounts, and talks to the pages. It is to decide for each pair of people, ten times a second, what is forwarded.',
      choices: [
        {
          text: 'mediasoup',
          right: true,
          why: 'A library inside your service: you make, pause and resume each consumer. It has no idea of rooms that could be in your way.',
        },
        {
          text: 'Jitsi Meet',
          why: 'Who gets what is decided by its bridge and its focus, for meetings. Your rules would be a change of its servers.',
        },
        {
          text: 'PeerJS',
          why: 'It has no media server: near a crowd each page would upload to everybody.',
        },
      ],
    },
    {
      id: 'telephones',
      text: 'A company’s FreeSWITCH holds its numbers, its queues and its recordings. The telephones on the desks are to become a web page.',
      choices: [
        {
          text: 'JsSIP or SIP.js',
          right: true,
          why: 'The page becomes one more SIP telephone: SIP over a WebSocket (RFC 7118), which FreeSWITCH accepts itself. All the rest stays where it is.',
        },
        {
          text: 'PeerJS',
          why: 'It connects pages with pages. To FreeSWITCH it can say nothing: its messages are not SIP.',
        },
        {
          text: 'mediasoup',
          why: 'It has no SIP. You would write a gateway, beside a switch that speaks WebRTC already.',
        },
      ],
    },
    {
      id: 'odd-sources',
      text: 'A control room: twelve cameras give RTSP, a dozen browsers watch. The watchers talk in one mixed conference, and from the same page they ring people at the company’s SIP server. A small team can run a server and writes the page itself.',
      choices: [
        {
          text: 'Janus',
          right: true,
          why: 'One server with a plugin for each: Streaming takes RTSP, AudioBridge mixes, and with the SIP plugin a page registers at a SIP server.',
        },
        {
          text: 'simple-peer',
          why: 'Both of its ends are WebRTC. A camera with RTSP is not one, and nobody would mix.',
        },
        {
          text: 'SIP.js',
          why: 'It is the browser’s end of SIP. It does not take in cameras and it mixes nothing; a server has to.',
        },
      ],
    },
  ],
});
