import { signal } from '@preact/signals';
import { ServerDesk } from '../../lab-kit/classroom/desk.ts';
import type { PageIoSocket } from '../../lab-kit/classroom/clients.ts';
import first from '../../exercises/room-server/starter.ts?raw';
import reliable from '../../exercises/room-server/solution.ts?raw';

/** A first version, which works as long as everybody is kind, and one to rely on. */
export const desk = new ServerDesk({ first, reliable });

/** The sockets of the present run, by name: what the buttons act on. */
export const people = signal<ReadonlyMap<string, PageIoSocket>>(new Map());
