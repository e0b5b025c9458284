import { ServerDesk } from '../../lab-kit/classroom/desk.ts';
import keeps from '../../exercises/ws-late-receiver/solution.ts?raw';
import relay from '../../exercises/ws-relay/solution.ts?raw';

/** The two files of this lab: one that hands on what it gets, and one that also keeps what comes too early. */
export const desk = new ServerDesk({ relay, keeps });
