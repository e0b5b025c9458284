import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'Which pair, and why',
  task: [
    'These checklists were recorded between two real browsers behind real NATs; the NAT laboratory (lesson 3.3) has the recordings. alice is controlling, bob is controlled. Each line is a pair: its ends, its priority, checks sent and answered.',
  ],
  hints: [
    'A pair that was never answered carries nothing, however high its priority.',
    'Of the pairs that were answered, the priority decides; and only one side decides.',
    'A peer reflexive candidate comes from a check and from nowhere else.',
  ],
  questions: [
    {
      id: 'answered',
      text: 'Both NATs are port-restricted; STUN only. alice’s list: host → host, priority 9 115 038 255 631 187 454, 8 sent, 0 answered. srflx → srflx, priority 7 241 540 809 772 645 886, 5 sent, 4 answered. Which pair carries the call?',
      choices: [
        {
          text: 'host → host: its priority is the highest',
          why: 'Nobody answered. 10.1.0.2 and 10.2.0.2 are addresses inside two different homes.',
        },
        {
          text: 'srflx → srflx: the only one that was answered',
          right: true,
          why: 'A check and its answer have gone through both NATs, so packets of the call will.',
        },
        {
          text: 'Neither, until host → host has failed',
          why: 'A controlling agent may nominate as soon as it has a valid pair. Waiting for the last check would cost seconds.',
        },
      ],
    },
    {
      id: 'learned',
      text: 'bob’s NAT is symmetric now. He told alice his srflx candidate 203.0.113.102, port 58663; her checks to it were never answered. In use is a pair whose remote end is port 41530 of the same address. How does alice know that port?',
      choices: [
        {
          text: 'bob’s second candidate message told it',
          why: 'Then it would be called srflx. bob himself does not know it beforehand: his NAT makes a port for each destination.',
        },
        {
          text: 'A check of bob’s came from it',
          right: true,
          why: 'His NAT gave the way to alice a port of its own. She answered to where the check came from, and made a prflx candidate of it.',
        },
        {
          text: 'The STUN server told her',
          why: 'A STUN server tells a peer about itself, never about another one; and it saw port 58663.',
        },
      ],
    },
    {
      id: 'priority',
      text: 'alice’s NAT is port-restricted, bob’s symmetric, and there is TURN. alice nominated two pairs, one shortly after the other: srflx → relay, priority 251 956 387 116 891 647, and relay → prflx, priority 251 956 387 452 435 966. All checks of both were answered. Which one carries the call?',
      choices: [
        {
          text: 'relay → prflx',
          right: true,
          why: 'Both are valid, and its priority is the higher one: …387 4… against …387 1….',
        },
        {
          text: 'srflx → relay: srflx is better than relay',
          why: 'What counts is the priority of the pair, and that is decided by its worse end. Both have one relay.',
        },
        {
          text: 'Both, half of the packets each',
          why: 'One pair is selected at a time. Others stay checked, so that there is something to change to.',
        },
      ],
    },
    {
      id: 'controlled',
      text: 'In the same call bob’s checks on relay → relay were all answered: 3 sent, 3 received. That pair was never nominated. Why not?',
      choices: [
        {
          text: 'Pairs with a relay at both ends cannot be nominated',
          why: 'They can, and are when nothing else works.',
        },
        {
          text: 'bob may not nominate: he is controlled',
          right: true,
          why: 'He checks as alice does, and she decides. She had pairs of a higher priority.',
        },
        {
          text: 'Three checks are not enough',
          why: 'One answered check makes a pair valid.',
        },
      ],
    },
  ],
});
