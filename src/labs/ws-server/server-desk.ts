import { ServerDesk } from '../../lab-kit/classroom/desk.ts';
import keeps from './servers/keeps.ts?raw';
import relay from './servers/relay.ts?raw';

/** The two files of this lab: one that hands on what it gets, and one that also keeps what comes too early. */
export const desk = new ServerDesk({ relay, keeps });
