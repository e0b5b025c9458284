import { ServerDesk } from '../../lab-kit/classroom/desk.ts';
import faulty from '../../exercises/server-repair/starter.ts?raw';

/** The server with its faults; what the learner makes of it is kept while the page is open. */
export const desk = new ServerDesk({ faulty });
