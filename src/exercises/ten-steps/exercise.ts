import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'order',
  title: 'Ten steps of a call',
  task: [
    'Put the steps in an order that works, from the first to the last. alice calls, bob answers, and both trickle their candidates. Some steps do not depend on each other: they may stand either way.',
  ],
  hints: [
    'What can nobody do before alice has called `setLocalDescription()` for the first time?',
    'A description is set, then sent, then set at the other end: three steps for the offer, three for the answer.',
    'bob can add a candidate of alice’s as soon as he has set her offer; he need not have answered. A check needs a candidate and bob’s own description; keys need a pair that works and the answer at alice’s end.',
  ],
  cards: [
    { id: 'open', text: 'Both make an `RTCPeerConnection`, and alice adds her tracks' },
    { id: 'offer', text: 'alice calls `setLocalDescription()`, which makes the offer' },
    { id: 'offer-sent', text: 'The offer crosses the signaling channel' },
    { id: 'offer-set', text: 'bob calls `setRemoteDescription(offer)`' },
    { id: 'candidate', text: 'bob adds the first candidate that alice has found' },
    { id: 'answer', text: 'bob calls `setLocalDescription()`, which makes the answer' },
    { id: 'answer-sent', text: 'The answer crosses the signaling channel' },
    { id: 'answer-set', text: 'alice calls `setRemoteDescription(answer)`' },
    { id: 'check', text: 'A connectivity check of bob’s is answered by alice' },
    { id: 'dtls', text: 'DTLS agrees on keys: `connectionState` is `connected` at both ends' },
  ],
  rules: [
    { first: 'open', later: 'offer', why: 'There has to be a connection, and something to offer on it.' },
    {
      first: 'offer',
      later: 'offer-sent',
      why: 'What is sent is the local description, so it is set first.',
    },
    { first: 'offer-sent', later: 'offer-set', why: 'bob can only set what has reached him.' },
    {
      first: 'offer-set',
      later: 'answer',
      why: 'Without an offer in force the same call would make an offer of bob’s own.',
    },
    {
      first: 'offer-set',
      later: 'candidate',
      why: 'Before the remote description `addIceCandidate()` is refused with InvalidStateError.',
    },
    {
      first: 'answer',
      later: 'answer-sent',
      why: 'What is sent is the local description, so it is set first.',
    },
    { first: 'answer-sent', later: 'answer-set', why: 'alice can only set what has reached her.' },
    {
      first: 'candidate',
      later: 'check',
      why: 'bob’s check needs an address to go to: a candidate of alice’s.',
    },
    {
      first: 'answer',
      later: 'check',
      why: 'bob’s user name and password for the checks come with his own description.',
    },
    { first: 'check', later: 'dtls', why: 'The handshake goes over a pair that has answered.' },
    {
      first: 'answer-set',
      later: 'dtls',
      why: 'The fingerprint that alice compares the certificate with stands in the answer.',
    },
  ],
});
